// After an outcome: the code or the slip's number in large letters, its paper one key away.
import { byId, clear, make, show, write } from './view.js';

const dossierPath = (code) => `/dossiers/${encodeURIComponent(code)}`;

/** What the done view says of a received dossier. */
export function receivedFacts(dossier, texts, words) {
  const due = dossier.due_on ? words.phrase(texts.promised, { day: words.day(dossier.due_on) }) : texts.noDue;
  return {
    outcome: 'receive',
    title: dossier.on_the_spot ? texts.answeredTitle : texts.receivedTitle,
    number: dossier.code,
    note: dossier.on_the_spot ? texts.answeredNote : due,
    print: `${dossierPath(dossier.code)}/papers/receipt.pdf`,
    printText: texts.printReceipt,
    page: dossierPath(dossier.code),
    procedure: dossier.procedure.name,
    code: dossier.code,
    fees: dossier.fees.total,
  };
}

/** What it says of a slip written instead. */
export function declinedFacts(slip, outcome, texts) {
  return {
    outcome,
    title: texts[outcome].done,
    number: slip.number,
    note: texts[outcome].note,
    print: `/declined/${slip.id}/paper.pdf`,
    printText: texts[outcome].print,
    page: '',
    procedure: slip.procedure.name,
  };
}

export function drawDone(facts) {
  byId('draft-done').dataset.outcome = facts.outcome;
  write(byId('done-tick'), facts.outcome === 'receive' ? '✓' : '!');
  write(byId('done-title'), facts.title);
  write(byId('done-code'), facts.number);
  write(byId('done-due'), facts.note);
  byId('done-print').href = facts.print;
  write(byId('done-print-text'), facts.printText);
  show(byId('done-link'), Boolean(facts.page));
  if (facts.page) byId('done-link').href = facts.page;
}

/** What was written in this visit, so that the officer sees that it is safe. */
export function listDone(all) {
  for (const id of ['received-idle', 'received-done']) {
    const list = clear(byId(id));
    for (const facts of all) {
      const link = make('a', '', facts.number);
      link.href = facts.page || facts.print;
      link.target = '_blank';
      link.rel = 'noopener';
      const item = make('li', '');
      item.append(link, make('span', '', ` ${facts.procedure}`));
      list.append(item);
    }
    // The newest is already told in large letters.
    show(list, all.length > (id === 'received-done' ? 1 : 0));
  }
}
