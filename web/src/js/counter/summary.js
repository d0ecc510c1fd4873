// The right column and the last step: what will be created, as it stands now.
import { missing } from './draft.js';
import { missingSentence } from './papers.js';
import { byId, clear, make, pairs, say, show, write } from './view.js';

export function drawSummary(draft, texts, words) {
  const procedure = draft && draft.procedure;
  show(byId('summary-empty'), !procedure);
  show(byId('summary'), Boolean(procedure));
  write(byId('summary-title'), draft && draft.received ? texts.created : texts.toCreate);
  if (!procedure) return;
  write(byId('summary-procedure'), procedure.name);
  pairs(byId('summary-facts'), outline(draft, texts, words));
  show(byId('summary-confirm'), procedure.to_confirm);

  const fees = draft.preview ? draft.preview.fees : null;
  const list = clear(byId('summary-fees'));
  for (const line of fees ? fees.lines : []) {
    const item = make('li', 'summary__fee');
    const quantity = line.quantity > 1 ? ` × ${line.quantity}` : '';
    item.append(make('span', '', `${line.case}${quantity}`), make('span', 'num', words.money(line.total)));
    list.append(item);
  }
  write(byId('summary-total'), fees ? words.money(fees.total) : '…');
}

function outline(draft, texts, words) {
  const { procedure, preview } = draft;
  const lacking = missing(draft).required.length;
  const papers = draft.papers.length;
  return [
    [texts.code, preview && preview.code_preview.replace(/-$/, '-…'), true],
    [texts.department, procedure.department_title],
    [texts.term, (preview && preview.term_text) || procedure.term_text],
    [texts.due, preview ? words.day(preview.due_on) || texts.noDue : '…', true],
    [texts.papers, papers ? (lacking ? words.phrase(texts.lacking, { n: lacking }) : texts.enough) : ''],
    [texts.channel, texts.channels[draft.channel]],
    [texts.delivery, texts.deliveries[draft.delivery]],
  ];
}

export function drawSlip(draft, texts, words) {
  const fees = draft.preview && draft.preview.fees;
  const applicant = draft.applicant;
  const number = applicant.kind === 'person' ? applicant.id_number : applicant.tax_code;
  pairs(byId('slip'), [
    [texts.applicant, [applicant.name, number].filter(Boolean).join(' · '), true],
    [texts.procedure, draft.procedure.name],
    [texts.due, draft.preview ? words.day(draft.preview.due_on) || texts.noDue : '…', true],
    [texts.delivery, texts.deliveries[draft.delivery]],
    [texts.total, fees ? words.money(fees.total) : '…', true],
    [texts.ticket, draft.ticket ? draft.ticket.label : texts.noTicket],
  ]);
  say(byId('slip-missing'), missingSentence(draft, texts, words));
}
