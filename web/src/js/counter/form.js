// The dossier form: five steps, moved through with one key, three outcomes, refusals shown where they belong.
import { api } from '../lib/api.js';
import { declineDialog } from './decline.js';
import { declinedFacts, drawDone, listDone, receivedFacts } from './done.js';
import * as drafts from './draft.js';
import { fieldErrors } from './errors.js';
import { drawAnswers, drawFees, feesTrouble } from './fees.js';
import { filingStep } from './filing.js';
import { receipts } from './once.js';
import { drawMissing, drawPapers } from './papers.js';
import { peopleStep } from './people.js';
import { placeOf } from './places.js';
import { procedurePicker } from './procedures.js';
import { drawSteps } from './steps.js';
import { drawSlip, drawSummary } from './summary.js';
import { byId, say, show } from './view.js';

const PREVIEW_DELAY_MS = 200;
const MOST_SETS = 99;

/** The form; `onWritten(facts)` after each outcome, `ask` is the question dialog. */
export function dossierForm({ texts, words, ask, onWritten }) {
  const form = byId('draft-form');
  const once = receipts();
  const errors = fieldErrors(form);
  let draft = null;
  let phase = 'closed';
  let sending = false;
  let asked = 0;
  let timer = null;

  const picker = procedurePicker({ texts, words, onChoose: choose });
  const current = () => draft;
  const people = peopleStep({ panel: form.querySelector('[data-panel="3"]'), draft: current, onChange: drawOutline });
  const filing = filingStep({ form, draft: current, texts, onChange: filingChanged });
  const decline = declineDialog({ texts, words, onDeclined: declined, onRefused: refusedElsewhere });

  function setPhase(next) {
    phase = next;
    byId('draft').dataset.phase = next;
    byId('work').dataset.form = next; // an open form needs the room that the visit has otherwise
    for (const part of byId('draft').querySelectorAll(':scope > [data-phase]')) {
      show(part, part.dataset.phase === next);
    }
  }

  function choose(procedure) {
    if (!draft.procedure || draft.procedure !== procedure) drafts.choose(draft, procedure);
    draft.touched = true;
    fillSteps();
    requestPreview(0);
    go(2);
  }

  function fillSteps() {
    drawPapers(draft, texts, words, papersChanged);
    drawMissing(draft, texts, words);
    drawAnswers(draft, texts, () => {
      draft.touched = true;
      requestPreview();
    });
    drawFees(draft, words);
    filing.offer();
    drawOutline();
  }

  function drawOutline() {
    if (draft.procedure) drawSummary(draft, texts, words);
  }

  function papersChanged() {
    draft.touched = true;
    drawMissing(draft, texts, words);
    drawOutline();
  }

  function filingChanged({ reckon }) {
    drawOutline();
    if (reckon) requestPreview(0);
  }

  function requestPreview(delay = PREVIEW_DELAY_MS) {
    clearTimeout(timer);
    timer = setTimeout(preview, delay);
  }

  async function preview() {
    const about = draft;
    if (!about || !about.procedure) return;
    asked += 1;
    const mine = asked;
    const waiting = drafts.needsPostmark(about) && !about.postmark;
    const { data, error } = waiting
      ? { data: null, error: { code: 'postmark_needed', message: texts.postmarkNeeded } }
      : await api('POST', '/dossiers/preview', drafts.previewBody(about));
    if (mine !== asked || about !== draft) return;
    about.preview = error ? null : data;
    about.trouble = error ? readable(error).message : '';
    errors.clear(byId('answers'));
    const told = error && showAt(error, placeOf(error, about), false);
    feesTrouble(told || waiting ? '' : about.trouble);
    drawFees(about, words);
    drawOutline();
    if (about.step === drafts.STEPS) drawSlip(about, texts, words);
  }

  /** The first step up to the wished one that still lacks something, and what: [step, field, sentence]. */
  function obstacle(step) {
    if (step > 1 && !draft.procedure) return [1, 'procedure', texts.chooseProcedure];
    if (step > 3 && people.problem(texts)) return [3, ...people.problem(texts)];
    if (step > 4 && filing.problem()) return [4, ...filing.problem()];
    return null;
  }

  function go(wished) {
    const stop = obstacle(wished);
    if (stop) errors.show(stop[1], stop[2]);
    const step = stop ? stop[0] : wished;
    draft.step = step;
    draft.reached = Math.max(draft.reached, step);
    drawSteps(draft, texts);
    if (step === drafts.STEPS) drawSlip(draft, texts, words);
    byId('draft-body').scrollTop = 0;
    focusStep(step);
    return !stop;
  }

  function focusStep(step) {
    const panel = form.querySelector(`[data-panel="${step}"]`);
    const wrong = panel.querySelector('[aria-invalid=true]');
    const first = panel.querySelector(step === 2 ? '.paper__tick' : 'input:not([hidden]):not(:disabled), select');
    if (step === 1) picker.focus();
    else if (step === 3 && !wrong) people.focus();
    else (wrong || first || byId('draft-body')).focus();
    if (wrong) wrong.scrollIntoView({ block: 'center' }); // with the sentence under it
  }

  function showAt(error, place, move = true) {
    const shown = place.field && errors.show(place.field, error.message);
    if (!move) return shown;
    if (!shown) say(byId('draft-error'), error.message);
    if (place.step !== draft.step) go(place.step);
    else if (shown) focusStep(place.step);
    else byId('draft-error').focus();
    return shown;
  }

  const readable = (error) => (error.message ? error : { ...error, message: texts.noAnswer });

  async function accept() {
    if (sending || obstacle(drafts.STEPS)) {
      if (!sending) go(drafts.STEPS);
      return;
    }
    sending = true;
    byId('draft-next').disabled = true;
    const body = drafts.receiveBody(draft);
    const { data, error } = await api('POST', '/dossiers', body, { idempotencyKey: once.keyFor(body) });
    sending = false;
    byId('draft-next').disabled = false;
    if (error) {
      showAt(readable(error), placeOf(error, draft));
      return;
    }
    once.done();
    draft.preview = { ...draft.preview, code_preview: data.code, fees: data.fees, due_on: data.due_on };
    written(receivedFacts(data, texts, words));
  }

  function declined(slip, outcome) {
    written(declinedFacts(slip, outcome, texts));
  }

  /** A refusal of the slip that concerns a field of the form is shown there, not in the dialog. */
  function refusedElsewhere(error) {
    const place = placeOf(error, draft);
    if (!place.field || error.code === 'reason_needed') return false;
    showAt(readable(error), place);
    return true;
  }

  function written(facts) {
    draft.touched = false;
    draft.outcome = facts.outcome;
    drawDone(facts);
    drawSummary(draft, texts, words);
    setPhase('done');
    byId('draft-done').focus();
    onWritten(facts);
  }

  const acts = {
    forward() {
      if (phase !== 'open') return;
      errors.clear();
      if (draft.step < drafts.STEPS) go(draft.step + 1);
      else accept();
    },
    enough() {
      if (phase !== 'open' || draft.step !== 2) return;
      drafts.giveRequired(draft);
      drawPapers(draft, texts, words, papersChanged);
      papersChanged();
      byId('draft-next').focus();
    },
    supplement: () => openDecline('supplement'),
    refuse: () => openDecline('refuse'),
    print() {
      if (phase === 'done') byId('done-print').click();
    },
  };

  function openDecline(outcome) {
    if (phase !== 'open' || sending) return;
    errors.clear();
    if (!obstacle(4) || go(4)) decline.open(draft, outcome);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    acts.forward();
  });
  byId('draft-back').addEventListener('click', () => go(draft.step - 1));
  byId('papers-all').addEventListener('click', acts.enough);
  byId('draft-supplement').addEventListener('click', acts.supplement);
  byId('draft-refuse').addEventListener('click', acts.refuse);
  byId('steps').addEventListener('click', (event) => {
    const button = event.target.closest('[data-step]');
    if (button) go(Number(button.dataset.step));
  });
  byId('sets').addEventListener('input', (event) => {
    draft.sets = Math.min(MOST_SETS, Math.max(1, Math.floor(Number(event.target.value)) || 1));
    draft.touched = true;
    drawOutline();
  });

  async function confirmLoss(yes) {
    if (phase !== 'open' || !draft.touched) return true;
    return ask({ title: texts.dropTitle, text: texts.dropText, yes });
  }

  function close() {
    draft = null;
    asked += 1;
    clearTimeout(timer);
    setPhase('closed');
    drawSummary(null, texts, words);
  }

  byId('draft-drop').addEventListener('click', async () => {
    if (await confirmLoss(texts.drop)) close();
  });
  show(form, false);

  return {
    picker,
    close,
    confirmLoss,
    list: listDone,
    get phase() {
      return phase;
    },
    /** Does the form's own act of that name; false when it has none. */
    press(name) {
      if (!(name in acts)) return false;
      acts[name]();
      return true;
    },
    /** Opens an empty form for the ticket (or for nobody's), its procedure chosen already where it is known. */
    open(ticket) {
      draft = drafts.newDraft(ticket);
      once.done();
      form.reset();
      errors.clear();
      people.draw();
      feesTrouble('');
      setPhase('open');
      const known = ticket && ticket.procedure && picker.find({ ...ticket.procedure, department: ticket.department });
      picker.reset(known);
      drawSummary(null, texts, words);
      if (known) choose(known);
      else go(1);
      draft.touched = false;
    },
    search() {
      if (phase !== 'open') return false;
      go(1);
      return true;
    },
  };
}
