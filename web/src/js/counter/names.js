// What a ticket and what a named thing are called, in the page's language.

const english = () => document.documentElement.lang === 'en';

/** The name of a line or a question in the page's language. */
export const titleOf = (named) => (english() && named.title_en) || named.title;

/** What a ticket is for: the procedure if known, else the line; and how many dossiers. */
export function what(ticket, texts, words) {
  const about = ticket.procedure ? ticket.procedure.name : titleOf(ticket.line);
  return ticket.dossiers > 1 ? `${about} · ${words.phrase(texts.dossiers, { n: ticket.dossiers })}` : about;
}

/** The same in a list, where the letter of a number names its line already. */
export function whatHere(ticket, texts, words) {
  if (ticket.procedure || !ticket.label.startsWith(ticket.line.prefix)) return what(ticket, texts, words);
  return ticket.dossiers > 1 ? words.phrase(texts.dossiers, { n: ticket.dossiers }) : '';
}

/** Why a ticket goes first, in the page's language; "" for everybody else. */
export function priorityOf(ticket) {
  if (!ticket.priority || ticket.priority === 'normal') return '';
  return (english() && ticket.priority_title_en) || ticket.priority_title;
}

/** The further services of a visit: "L Sở Lao động → X Sở Xây dựng". */
export const planOf = (ticket) => (ticket.plan || []).map((line) => `${line.prefix} ${titleOf(line)}`).join(' → ');

/** What is out of the ordinary about a ticket, as [text, kind of chip]. */
export function chipsOf(ticket, texts, words) {
  const priority = priorityOf(ticket);
  const chips = [[priority, 'warn']];
  if (ticket.purpose !== 'apply') chips.push([ticket.purpose_title, '']);
  else if (!priority && ticket.lane !== 'normal') chips.push([ticket.lane_title, ticket.lane === 'appointment' ? 'ok' : '']);
  if (ticket.due_at) chips.push([words.phrase(texts.appointmentAt, { time: words.time(ticket.due_at) }), 'ok']);
  if (ticket.remote) chips.push([texts.remote, 'soft']);
  return chips.filter(([text]) => text);
}

/** Why a parked visit pauses: the reason's title, and the room where one was named. */
export function parkOf(ticket, reasons) {
  if (!ticket.park) return '';
  const known = reasons.find((reason) => reason.key === ticket.park.reason);
  return [known ? known.title : ticket.park.reason, ticket.park.room].filter(Boolean).join(' · ');
}
