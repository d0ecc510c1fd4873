// The right column and the last step: what will be created, as it stands now, before anything is accepted.
import { missing } from './draft.js';
import { missingSentence } from './papers.js';
import { byId, clear, make, pairs, say, show, write } from './view.js';

export function drawSummary(draft, texts, words) {
  const procedure = draft && draft.procedure;
  show(byId('summary-empty'), !procedure);
  show(byId('summary'), Boolean(procedure));
  write(byId('summary-title'), titleFor(draft, texts));
  if (!procedure) return;
  write(byId('summary-procedure'), procedure.name);
  const what = (procedure.doubts || []).map((doubt) => texts.doubts[doubt]).join(', ');
  say(byId('summary-confirm'), what && words.phrase(texts.doubtful, { what }));
  say(byId('summary-trouble'), draft.trouble);
  show(byId('summary-reckoned'), mayBecome(draft));
  drawClock(draft, texts, words);
  drawFeeLines(draft, texts, words);
  pairs(byId('summary-facts'), outline(draft, texts, words));
}

const mayBecome = (draft) => !draft.outcome || draft.outcome === 'receive';

function titleFor(draft, texts) {
  if (!draft || !draft.outcome) return texts.toCreate;
  return mayBecome(draft) ? texts.created : texts.notCreated;
}

/** The appointment, and under it by which rule: the words of the law that the officer can tell the applicant. */
function drawClock(draft, texts, words) {
  const { preview } = draft;
  write(byId('summary-due'), dueWords(draft, texts, words));
  const term = words.phrase(texts.term, { term: (preview && preview.term_text) || draft.procedure.term_text });
  say(byId('summary-rule'), preview && preview.clock_text ? `${term} ${preview.clock_text}.` : term);
}

function dueWords(draft, texts, words) {
  if (draft.onTheSpot) return texts.onTheSpot;
  return draft.preview ? words.day(draft.preview.due_on) || texts.noDue : '…';
}

function drawFeeLines(draft, texts, words) {
  const fees = draft.preview ? draft.preview.fees : null;
  const list = clear(byId('summary-fees'));
  for (const line of fees ? fees.lines : []) {
    const item = make('li', 'summary__fee');
    const name = make('span', '', line.case);
    if (line.quantity > 1) name.append(make('span', 'summary__times', ` ${words.money(line.amount)} × ${line.quantity}`));
    name.prepend(make('span', 'summary__kind', texts.feeKinds[line.kind] || ''), ' ');
    if (line.legal_basis) name.append(make('small', 'summary__basis', line.legal_basis));
    item.append(name, make('span', 'num', words.money(line.total)));
    list.append(item);
  }
  write(byId('summary-total'), fees ? words.money(fees.total) : '…');
}

function outline(draft, texts, words) {
  const { procedure, preview } = draft;
  const lacking = missing(draft).required.length;
  const papers = draft.papers.length;
  const reckoned = mayBecome(draft) ? preview : null; // an application sent away has no code and no clock
  return [
    [texts.papers, papers ? (lacking ? words.phrase(texts.lacking, { n: lacking }) : texts.enough) : ''],
    [texts.sets, draft.sets > 1 ? draft.sets : ''],
    [texts.channel, channelWords(draft, texts, words)],
    [texts.delivery, texts.deliveries[draft.delivery]],
    [texts.forwardBy, reckoned && !draft.onTheSpot ? words.shortDay(reckoned.forward_by) : ''],
    [texts.department, procedure.department_title],
    [texts.code, reckoned && reckoned.code_preview.replace(/-$/, '-…'), true],
  ];
}

function channelWords({ channel, procedure }, texts, words) {
  if (channel === 'online') return words.phrase(texts.onlineLevel, { n: procedure.level });
  return texts.channels[channel];
}

const person = (one) => [one.name, one.id_number, one.phone].filter((part) => (part || '').trim()).join(' · ');

export function drawSlip(draft, texts, words) {
  const fees = draft.preview && draft.preview.fees;
  const { applicant, authorised } = draft;
  const number = applicant.kind === 'person' ? applicant.id_number : applicant.tax_code;
  const address = applicant.deliver_to || applicant.address;
  pairs(byId('slip'), [
    [texts.applicant, person({ ...applicant, id_number: number }), true],
    [texts.authorised, authorised ? person(authorised) : ''],
    [texts.procedure, draft.procedure.name],
    [texts.due, dueWords(draft, texts, words), true],
    [texts.delivery, [texts.deliveries[draft.delivery], draft.delivery === 'post' && address].filter(Boolean).join(': ')],
    [texts.total, fees ? words.money(fees.total) : '…', true],
    [texts.ticket, draft.ticket ? draft.ticket.label : texts.noTicket],
  ]);
  say(byId('slip-missing'), missingSentence(draft, texts, words));
}
