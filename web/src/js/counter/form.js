// The dossier form: five steps, moved through with one key, refusals shown where they belong.
import { api } from '../lib/api.js';
import * as drafts from './draft.js';
import { drawAnswers, drawFees, feesTrouble } from './fees.js';
import { receipts } from './once.js';
import { drawMissing, drawPapers } from './papers.js';
import { procedurePicker } from './procedures.js';
import { drawSlip, drawSummary } from './summary.js';
import { byId, clear, make, say, show, write } from './view.js';

const PREVIEW_DELAY_MS = 200;

/** The form; `onReceived(dossier)` after each acceptance, `ask` is the question dialog. */
export function dossierForm({ texts, words, ask, onReceived }) {
  const form = byId('draft-form');
  const once = receipts();
  let draft = null;
  let phase = 'closed';
  let sending = false;
  let asked = 0;
  let timer = null;

  const picker = procedurePicker({ texts, words, onChoose: choose });

  function setPhase(next) {
    phase = next;
    byId('draft').dataset.phase = next;
    for (const part of byId('draft').querySelectorAll(':scope > [data-phase]')) {
      show(part, part.dataset.phase === next);
    }
  }

  function choose(procedure) {
    if (!draft.procedure || draft.procedure !== procedure) drafts.choose(draft, procedure);
    draft.touched = true;
    fillStep();
    requestPreview(0);
    go(2);
  }

  function fillStep() {
    drawPapers(draft, papersChanged);
    drawMissing(draft, texts, words);
    drawAnswers(draft, texts, () => requestPreview());
    drawFees(draft, texts, words);
    offerPost();
    drawSummary(draft, texts, words);
  }

  function papersChanged() {
    draft.touched = true;
    drawMissing(draft, texts, words);
    drawSummary(draft, texts, words);
  }

  /** Post only where the procedure has that right; a choice that is gone falls back to the desk. */
  function offerPost() {
    const { post_receive: receive, post_return: back } = draft.procedure;
    for (const [name, allowed, desk] of [['channel', receive, 'in_person'], ['delivery', back, 'counter']]) {
      form.elements[name].forEach((radio) => {
        if (radio.value === 'post') radio.disabled = !allowed;
      });
      if (!allowed && draft[name] === 'post') draft[name] = desk;
      form.elements[name].value = draft[name];
    }
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
    const { data, error } = await api('POST', '/dossiers/preview', drafts.previewBody(about));
    if (mine !== asked || about !== draft) return;
    about.preview = error ? null : data;
    clearErrors(byId('answers'));
    if (error) showAt(error, drafts.placeOf(error, about), false);
    feesTrouble(error ? readable(error).message : '');
    drawFees(about, texts, words);
    drawSummary(about, texts, words);
    if (about.step === drafts.STEPS) drawSlip(about, texts, words);
  }

  function go(step) {
    if (step > 1 && !draft.procedure) {
      showError('procedure', texts.chooseProcedure);
      step = 1;
    }
    if (step > 3 && !(draft.applicant.name || '').trim()) {
      showError('name', draft.applicant.kind === 'person' ? texts.nameNeeded : texts.organisationNeeded);
      step = 3;
    }
    draft.step = step;
    draft.reached = Math.max(draft.reached, step);
    for (const panel of form.querySelectorAll('[data-panel]')) show(panel, Number(panel.dataset.panel) === step);
    for (const button of form.querySelectorAll('[data-step]')) {
      const number = Number(button.dataset.step);
      button.disabled = number > draft.reached;
      button.classList.toggle('steps__button--past', number <= draft.reached);
      if (number === step) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    }
    show(byId('draft-back'), step > 1);
    write(byId('draft-next-text'), step === drafts.STEPS ? texts.accept : texts.continue);
    if (step === drafts.STEPS) drawSlip(draft, texts, words);
    byId('draft-body').scrollTop = 0;
    focusStep(step);
  }

  function focusStep(step) {
    const panel = form.querySelector(`[data-panel="${step}"]`);
    const wrong = panel.querySelector('[aria-invalid=true]');
    const first = panel.querySelector('input:not([hidden]):not(:disabled), select');
    if (step === 1) picker.focus();
    else if (step === 3 && !wrong) byId('applicant-name').focus();
    else (wrong || first || byId('draft-body')).focus();
  }

  function showError(field, text) {
    const place = form.querySelector(`[data-error="${field}"]`);
    if (!place) return false;
    say(place, text);
    const control = place.parentElement.querySelector('input, select');
    if (control) control.setAttribute('aria-invalid', 'true');
    return true;
  }

  function clearErrors(within = form) {
    for (const place of within.querySelectorAll('[data-error]')) say(place, '');
    for (const control of within.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
    if (within === form) say(byId('draft-error'), '');
  }

  function showAt(error, place, move = true) {
    const shown = place.field && showError(place.field, error.message);
    if (!move) return;
    if (!shown) say(byId('draft-error'), error.message);
    if (place.step !== draft.step) go(place.step);
    else if (shown) focusStep(place.step);
    else byId('draft-error').focus();
  }

  const readable = (error) => (error.message ? error : { ...error, message: texts.noAnswer });

  async function accept() {
    if (sending) return;
    sending = true;
    byId('draft-next').disabled = true;
    const body = drafts.receiveBody(draft);
    const { data, error } = await api('POST', '/dossiers', body, { idempotencyKey: once.keyFor(body) });
    sending = false;
    byId('draft-next').disabled = false;
    if (error) {
      showAt(readable(error), drafts.placeOf(error, draft));
      return;
    }
    once.done();
    received(data);
  }

  function received(dossier) {
    write(byId('done-code'), dossier.code);
    write(
      byId('done-due'),
      dossier.due_on ? words.phrase(texts.promised, { day: words.day(dossier.due_on) }) : texts.noDue,
    );
    byId('done-link').href = `/dossiers/${encodeURIComponent(dossier.code)}`;
    draft.touched = false;
    draft.received = true;
    draft.preview = { ...draft.preview, code_preview: dossier.code, fees: dossier.fees, due_on: dossier.due_on };
    drawSummary(draft, texts, words);
    setPhase('done');
    byId('draft-done').focus();
    onReceived(dossier);
  }

  function forward() {
    if (phase !== 'open') return;
    clearErrors();
    if (draft.step < drafts.STEPS) go(draft.step + 1);
    else accept();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    forward();
  });
  byId('draft-back').addEventListener('click', () => go(draft.step - 1));
  byId('papers-all').addEventListener('click', () => {
    draft.papers.forEach((paper) => drafts.giveAll(paper));
    fillStep();
    draft.touched = true;
  });
  byId('steps').addEventListener('click', (event) => {
    const button = event.target.closest('[data-step]');
    if (button) go(Number(button.dataset.step));
  });
  const panel = form.querySelector('[data-panel="3"]');
  panel.addEventListener('input', (event) => {
    const { name, value } = event.target;
    draft.touched = true;
    if (name === 'channel' || name === 'delivery') draft[name] = value;
    else draft.applicant[name] = value;
    if (name === 'kind') showKind();
    if (name === 'channel') requestPreview(0);
    if (draft.procedure) drawSummary(draft, texts, words);
  });

  function showKind() {
    for (const part of panel.querySelectorAll('[data-scope]')) {
      show(part, part.dataset.scope === draft.applicant.kind);
    }
  }

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
    forward,
    close,
    confirmLoss,
    get phase() {
      return phase;
    },
    /** Opens an empty form for the ticket (or for nobody's), its procedure chosen already where it is known. */
    open(ticket) {
      draft = drafts.newDraft(ticket);
      once.done();
      form.reset();
      clearErrors();
      showKind();
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
    /** Codes received in this visit, so that the officer sees that they are safe. */
    listReceived(dossiers) {
      for (const id of ['received-idle', 'received-done']) {
        const list = clear(byId(id));
        for (const dossier of dossiers) {
          const link = make('a', '', dossier.code);
          link.href = `/dossiers/${encodeURIComponent(dossier.code)}`;
          link.target = '_blank';
          link.rel = 'noopener';
          const item = make('li', '');
          item.append(link, make('span', '', ` ${dossier.procedure.name}`));
          list.append(item);
        }
        // The newest is already told in large letters.
        show(list, dossiers.length > (id === 'received-done' ? 1 : 0));
      }
    },
  };
}
