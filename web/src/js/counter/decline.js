// The two other outcomes: the complete list of what is missing, or the reason of a refusal, before either is written.
import { api } from '../lib/api.js';
import { declineBody, missing } from './draft.js';
import { receipts } from './once.js';
import { lackText } from './papers.js';
import { byId, clear, make, say, show, write } from './view.js';

/** `onDeclined(slip, outcome)` once written; `onRefused(error)` is asked whether the form shows the error itself. */
export function declineDialog({ texts, words, onDeclined, onRefused }) {
  const dialog = byId('decline');
  const reason = byId('decline-reason');
  const sure = byId('decline-sure');
  const once = receipts();
  let draft = null;
  let outcome = null;
  let sending = false;

  function open(about, wanted) {
    draft = about;
    outcome = wanted;
    const said = texts[outcome];
    const supplement = outcome === 'supplement';
    write(byId('decline-title'), said.title);
    write(byId('decline-who'), `${draft.applicant.name.trim()} · ${draft.procedure.name}`);
    write(byId('decline-text'), said.text);
    write(byId('decline-reason-label'), said.reason);
    write(byId('decline-yes-text'), said.yes);
    byId('decline-yes').classList.toggle('button--primary', supplement);
    byId('decline-yes').classList.toggle('button--danger', !supplement);
    show(byId('decline-papers'), supplement);
    show(byId('decline-sure-row'), !supplement);
    if (supplement) drawPapers();
    reason.value = '';
    sure.checked = false;
    clearErrors();
    dialog.showModal();
    reason.focus();
  }

  function drawPapers() {
    const { required, conditional } = missing(draft);
    const list = clear(byId('decline-missing'));
    for (const paper of required) list.append(make('li', '', lackText(paper, texts, words)));
    show(list, required.length > 0);
    show(byId('decline-none'), required.length === 0);
    const choices = clear(byId('decline-conditional-list'));
    for (const paper of conditional) {
      const label = make('label', 'check');
      const box = make('input');
      box.type = 'checkbox';
      box.value = paper.name;
      const name = make('span', '', paper.name);
      name.append(make('small', 'paper__condition', words.phrase(texts.condition, { when: paper.condition })));
      label.append(box, name);
      choices.append(label);
    }
    show(byId('decline-conditional'), conditional.length > 0);
  }

  function clearErrors() {
    for (const id of ['decline-reason-error', 'decline-sure-error', 'decline-error']) say(byId(id), '');
    for (const control of [reason, sure]) control.removeAttribute('aria-invalid');
  }

  function wrong(control, text) {
    say(byId(`${control.id}-error`), text);
    control.setAttribute('aria-invalid', 'true');
    control.focus();
  }

  /** The officer's words, and the conditional papers that this case needs as well. */
  function wordsOf() {
    const boxes = byId('decline-conditional-list').querySelectorAll('input:checked');
    const names = outcome === 'supplement' ? Array.from(boxes, (box) => box.value).join('; ') : '';
    return [names && words.phrase(texts.alsoNeeded, { names }), reason.value.trim()].filter(Boolean).join('\n');
  }

  async function send() {
    if (sending) return;
    clearErrors();
    const said = wordsOf();
    if (outcome === 'refuse' && !said) return wrong(reason, texts.reasonNeeded);
    if (outcome === 'supplement' && !said && !missing(draft).required.length) return wrong(reason, texts.saySomething);
    if (outcome === 'refuse' && !sure.checked) return wrong(sure, texts.sureNeeded);
    sending = true;
    byId('decline-yes').disabled = true;
    const body = declineBody(draft, outcome, said);
    const { data, error } = await api('POST', '/dossiers/declined', body, { idempotencyKey: once.keyFor(body) });
    sending = false;
    byId('decline-yes').disabled = false;
    if (!error) {
      once.done();
      dialog.close();
      onDeclined(data, outcome);
    } else if (onRefused(error)) dialog.close();
    else if (error.fields && error.fields.field === 'reason') wrong(reason, error.message);
    else say(byId('decline-error'), error.message || texts.noAnswer);
    return undefined;
  }

  byId('decline-form').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !event.ctrlKey || event.repeat) return;
    event.preventDefault();
    send();
  });
  byId('decline-cancel').addEventListener('click', () => dialog.close());

  return { open };
}
