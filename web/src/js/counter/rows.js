// The rows of the left column: one button each, moved through with the arrows, kept in focus while they are redrawn.
import { chipsOf, parkOf, whatHere } from './names.js';
import { byId, clear, copyOf, make, say, show, write } from './view.js';

const LISTS = ['waiting', 'parked', 'absent'];
const secondsSince = (moment, now) => (now - Date.parse(moment)) / 1000;

/** `onOpen(ticket, list)` when a row is chosen, `onDo(ticket, list)` for its own button. */
export function ticketRows({ texts, words, onOpen, onDo }) {
  function draw(counter, now, keptDrafts) {
    const focused = document.activeElement && document.activeElement.dataset.row;
    const kept = LISTS.map((id) => byId(id).scrollTop);
    for (const id of LISTS) clear(byId(id));
    counter.waiting.forEach((ticket, index) => byId('waiting').append(waiter(ticket, now, index === 0)));
    const unseen = counter.waiting_count - counter.waiting.length;
    if (unseen > 0) byId('waiting').append(make('li', 'waiter waiter--more', words.phrase(texts.andMore, { n: unseen })));
    for (const ticket of counter.parked) byId('parked').append(parked(ticket, now, counter, keptDrafts));
    for (const ticket of counter.absent) byId('absent').append(absent(ticket));
    LISTS.forEach((id, index) => (byId(id).scrollTop = kept[index]));
    rove(focused);
  }

  function row(ticket, list) {
    const { root, parts } = copyOf('waiting-row');
    write(parts.label, ticket.label);
    parts.open.dataset.row = `${list}:${ticket.id}`;
    parts.open.addEventListener('click', () => onOpen(ticket, list));
    parts.do.addEventListener('click', () => onDo(ticket, list));
    return { root, parts };
  }

  function waiter(ticket, now, first) {
    const { root, parts } = row(ticket, 'waiting');
    say(parts.what, whatHere(ticket, texts, words));
    for (const [text, kind] of chipsOf(ticket, texts, words)) parts.chips.append(chip(text, kind));
    const later = ticket.not_before && Date.parse(ticket.not_before) > now;
    const why = later ? words.phrase(texts.notBefore, { time: words.time(ticket.not_before) }) : ticket.why;
    say(parts.why, why);
    const next = first && Boolean(ticket.why);
    root.classList.toggle('waiter--next', next);
    if (next) write(parts.next, texts.following);
    show(parts.next, next);
    minutes(parts.wait, secondsSince(ticket.waiting_since, now));
    if (ticket.wait_minutes && ticket.why && !next) parts.wait.append(rangeOf(ticket));
    return root;
  }

  /** How much longer it is likely to take, under how long it took already. */
  function rangeOf(ticket) {
    const range = words.range(ticket.wait_minutes);
    const place = make('span', 'waiter__range');
    const short = make('span', '', `+${range}′`);
    short.setAttribute('aria-hidden', 'true');
    place.append(short, make('span', 'visually-hidden', words.phrase(texts.waitFor, { range })));
    return place;
  }

  function parked(ticket, now, counter, keptDrafts) {
    const { root, parts } = row(ticket, 'parked');
    write(parts.what, ticket.park.room || parkOf(ticket, counter.reasons.park));
    if (keptDrafts.has(ticket.id)) parts.chips.append(chip(texts.keptDraft, 'warn'));
    minutes(parts.wait, secondsSince(ticket.park.at, now));
    act(parts.do, texts.resume, ticket, Boolean(counter.current) || !counter.open);
    return root;
  }

  function absent(ticket) {
    const { root, parts } = row(ticket, 'absent');
    write(parts.what, words.phrase(texts.until, { time: words.time(ticket.return_until) }));
    act(parts.do, texts.returned, ticket, false);
    return root;
  }

  function act(button, title, ticket, disabled) {
    write(button, title);
    button.setAttribute('aria-label', `${title}: ${ticket.label}`);
    button.disabled = disabled;
    show(button, true);
  }

  function minutes(place, seconds) {
    const n = words.minutes(seconds);
    write(place, `${n}′`);
    place.append(make('span', 'visually-hidden', ` ${words.phrase(texts.minutes, { n })}`));
  }

  listenForArrows();
  return { draw, enter: () => focusRow(0) };
}

const chip = (text, kind) => make('span', kind ? `chip chip--${kind} waiter__chip` : 'chip waiter__chip', text);
const rows = () => Array.from(byId('queue').querySelectorAll('[data-row]'));

/** One row of each list takes the Tab key; the one that had the focus keeps it. */
function rove(focused) {
  const all = rows();
  const same = focused && all.find((each) => each.dataset.row === focused);
  stops(same);
  if (same) same.focus({ preventScroll: true });
}

function stops(chosen) {
  for (const id of LISTS) {
    const part = Array.from(byId(id).querySelectorAll('[data-row]'));
    const stop = part.includes(chosen) ? chosen : part[0];
    for (const each of part) each.tabIndex = each === stop ? 0 : -1;
  }
}

function focusRow(index) {
  const all = rows();
  const wanted = all[Math.max(0, Math.min(all.length - 1, index))];
  if (!wanted) return;
  stops(wanted);
  wanted.focus();
}

function listenForArrows() {
  const queue = byId('queue');
  // A click leaves the space bar to "call the next".
  queue.addEventListener('mousedown', (event) => event.preventDefault());
  queue.addEventListener('keydown', (event) => {
    const at = rows().indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows().length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    focusRow(to);
  });
}
