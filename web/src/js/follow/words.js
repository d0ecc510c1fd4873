/** What to say about a number, in the words of its state. */
import { clock, dayInWords, fill } from '../lib/format.js';

const NEAR = 3;

function waiting(ticket, texts, { zone, today, now }) {
  if (ticket.day !== today) return fill(texts.other_day, { day: dayInWords(ticket.day) });
  if (ticket.not_before && new Date(ticket.not_before) > now) return fill(texts.later, { time: clock(ticket.not_before, { zone }) });
  if (ticket.people_ahead === 0) return texts.next;
  return ticket.people_ahead <= NEAR ? texts.near : texts.waiting;
}

function parked(ticket, texts) {
  const room = ticket.park && ticket.park.room ? fill(texts.parked_room, { room: ticket.park.room }) : '';
  return [texts.parked, room].filter(Boolean).join(' ');
}

/** One or two sentences; `now` is the server's time as far as it is known. */
export function sentence(ticket, texts, place) {
  const counter = ticket.counter ? ticket.counter.number : '';
  switch (ticket.state) {
    case 'waiting':
      return waiting(ticket, texts, place);
    case 'serving':
      return fill(texts.serving, { counter });
    case 'parked':
      return fill(parked(ticket, texts), { counter });
    case 'carried_over':
      return ticket.carried ? fill(texts.carried_over, { label: ticket.carried.label, day: dayInWords(ticket.carried.day) }) : texts.expired;
    default:
      return texts[ticket.state] || '';
  }
}
