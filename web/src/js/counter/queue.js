// The left column: who waits, why first, how long, and how long each of my lines is.
import { byId, clear, copyOf, make, say, show, write } from './view.js';

export function drawQueue(counter, now, texts, words) {
  const waiting = counter.waiting;
  write(byId('waiting-count'), words.phrase(texts.people, { n: counter.waiting_count }));
  write(
    byId('longest-wait'),
    counter.waiting_count
      ? words.phrase(texts.longestWait, { n: words.minutes(counter.longest_wait_seconds || 0) })
      : '',
  );
  write(byId('done-today'), counter.done_today);
  drawLines(counter.lines);
  show(byId('waiting-empty'), waiting.length === 0);
  show(byId('waiting'), waiting.length > 0);

  const list = byId('waiting');
  const kept = list.scrollTop;
  clear(list);
  for (const ticket of waiting) list.append(row(ticket, now, texts, words));
  const unseen = counter.waiting_count - waiting.length;
  if (unseen > 0) list.append(make('li', 'waiter waiter--more', words.phrase(texts.andMore, { n: unseen })));
  list.scrollTop = kept;
}

function drawLines(lines) {
  const list = clear(byId('line-lengths'));
  for (const line of lines) {
    const item = make('li', 'queue__line');
    item.title = titleOf(line);
    item.append(make('strong', '', line.prefix), make('span', 'visually-hidden', ` ${titleOf(line)}: `));
    item.append(make('span', 'num', line.waiting));
    list.append(item);
  }
}

function row(ticket, now, texts, words) {
  const { root, parts } = copyOf('waiting-row');
  write(parts.label, ticket.label);
  write(parts.what, what(ticket, texts, words));
  say(parts.priority, priorityOf(ticket));
  const waited = words.minutes((now - Date.parse(ticket.issued_at)) / 1000);
  write(parts.wait, `${waited}′`);
  parts.wait.setAttribute('aria-label', words.phrase(texts.minutes, { n: waited }));
  return root;
}

/** What a ticket is for: the procedure if known, else the line; and how many dossiers. */
export function what(ticket, texts, words) {
  const about = ticket.procedure ? ticket.procedure.name : titleOf(ticket.line);
  return ticket.dossiers > 1 ? `${about} · ${words.phrase(texts.dossiers, { n: ticket.dossiers })}` : about;
}

/** Why a ticket goes first, in the page's language; "" for everybody else. */
export function priorityOf(ticket) {
  if (!ticket.priority || ticket.priority === 'normal') return '';
  return (document.documentElement.lang === 'en' && ticket.priority_title_en) || ticket.priority_title;
}

/** The name of a line or a question in the page's language. */
export const titleOf = (named) => (document.documentElement.lang === 'en' && named.title_en) || named.title;
