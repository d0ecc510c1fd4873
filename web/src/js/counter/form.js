// The dossier form: five steps, moved through with one key, three outcomes, refusals shown where they belong.
import { api } from '../lib/api.js';
import { declineDialog } from './decline.js';
import { declinedFacts, drawDone, listDone, receivedFacts } from './done.js';
import * as drafts from './draft.js';
import { fieldErrors } from './errors.js';
import { drawAnswers, drawFees, feesTrouble } from './fees.js';
import { filingStep } from './filing.js';
import { fillForm, keptDrafts } from './kept.js';
import { receipts } from './once.js';
import { drawMissing, drawPapers, listenForSets } from './papers.js';
import { peopleStep } from './people.js';
import { placeOf } from './places.js';
import { procedurePicker } from './procedures.js';
import { reckoner } from './reckon.js';
import { drawPhase, drawSteps, focusStep, listenForSteps } from './steps.js';
import { drawSlip, drawSummary } from './summary.js';
import { byId, say, show } from './view.js';

/** The form; `onWritten(facts)` after each outcome, `ask` is the question dialog. */
export function dossierForm({ texts, words, ask, onWritten }) {
  const form = byId('draft-form');
  const once = receipts();
  const errors = fieldErrors(form);
  const kept = keptDrafts();
  let draft = null;
  let phase = 'closed';
  let sending = false;

  const picker = procedurePicker({ texts, words, onChoose: choose });
  const current = () => draft;
  const people = peopleStep({ panel: form.querySelector('[data-panel="3"]'), draft: current, onChange: drawOutline });
  const filing = filingStep({ form, draft: current, texts, onChange: drawOutline, onReckon: () => requestPreview(0) });
  const { requestPreview, dropPreview } = reckoner({ draft: current, texts, onReckoned: reckoned });
  const decline = declineDialog({ texts, words, onDeclined: (slip, outcome) => written(declinedFacts(slip, outcome, texts)), onRefused: refusedElsewhere });

  function setPhase(next) {
    phase = next;
    drawPhase(next);
  }

  function choose(procedure) {
    if (!draft.procedure || draft.procedure !== procedure) drafts.choose(draft, procedure);
    draft.touched = true;
    fillSteps();
    requestPreview(0);
    go(2);
  }

  /** Takes the procedure that was named when the ticket was issued; false when there is none. */
  function chooseKnown() {
    const { ticket } = draft;
    const known = ticket && ticket.procedure && picker.find({ ...ticket.procedure, department: ticket.department });
    if (!known) return false;
    picker.reset(known);
    choose(known);
    return true;
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

  function reckoned(error, waiting) {
    draft.trouble = error ? readable(error).message : '';
    errors.clear(byId('answers'));
    const told = error && showAt(error, placeOf(error, draft), false);
    feesTrouble(told || waiting ? '' : draft.trouble);
    drawFees(draft, words);
    drawOutline();
    if (draft.step === drafts.STEPS) drawSlip(draft, texts, words);
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
    focusStep(form, step, { picker, people });
    return !stop;
  }

  function showAt(error, place, move = true) {
    const shown = place.field && errors.show(place.field, error.message);
    if (!move) return shown;
    if (!shown) say(byId('draft-error'), error.message);
    if (place.step !== draft.step) go(place.step);
    else if (shown) focusStep(form, place.step, { picker, people });
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
  listenForSteps(go);
  listenForSets(current, drawOutline);

  function takeUp() {
    fillForm(form, draft);
    people.draw();
    picker.reset(draft.procedure);
    drawSummary(null, texts, words);
    if (draft.procedure) {
      fillSteps();
      requestPreview(0);
    }
    go(draft.step);
  }

  async function confirmLoss(yes) {
    if (phase !== 'open' || !draft.touched) return true;
    return ask({ title: texts.dropTitle, text: texts.dropText, yes });
  }

  function close() {
    draft = null;
    dropPreview();
    setPhase('closed');
    drawSummary(null, texts, words);
  }

  byId('draft-drop').addEventListener('click', async () => {
    if (await confirmLoss(texts.drop)) close();
  });
  show(form, false);

  return {
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
    kept,
    /** Whether something was typed that nobody has kept yet. */
    get dirty() {
      return phase === 'open' && draft.touched;
    },
    /** Closes the form; what was typed waits on this page until its ticket is served again. */
    setAside() {
      if (phase === 'open' && draft.touched) {
        if (!draft.ticket) return; // nobody's dossier has nobody to wait for
        kept.put(draft);
      }
      if (phase !== 'closed') close();
    },
    /** The ticket went away without this page: what was typed stays, but belongs to no visit any more. */
    orphan() {
      if (phase !== 'open' || !draft.ticket) return;
      if (!draft.touched) {
        close();
        return;
      }
      say(byId('draft-orphan'), words.phrase(texts.orphan, { label: draft.ticket.label }));
      draft.ticket = null;
      if (draft.step === drafts.STEPS) drawSlip(draft, texts, words);
    },
    /** Opens the ticket's kept dossier, or an empty one (a ticket of null is nobody's) with its procedure if known. */
    open(ticket) {
      const before = kept.take(ticket);
      once.done();
      form.reset();
      errors.clear();
      feesTrouble('');
      say(byId('draft-orphan'), '');
      setPhase('open');
      draft = before || drafts.newDraft(ticket);
      if (before) {
        takeUp();
        return;
      }
      people.draw();
      picker.reset(null);
      drawSummary(null, texts, words);
      if (!chooseKnown()) go(1);
      draft.touched = false;
    },
    /** The catalogue has come, or come anew; whoever was quicker than it gets the procedure of the ticket now. */
    fill(procedures, departments) {
      picker.fill(procedures, departments);
      if (phase === 'open' && !draft.touched && !draft.procedure && chooseKnown()) draft.touched = false;
    },
    search() {
      if (phase !== 'open') return false;
      go(1);
      return true;
    },
  };
}
