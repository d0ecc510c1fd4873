// One number of the left column: why it stands there, and what may be done with it.
import { parkOf, planOf, priorityOf, titleOf, what } from './names.js';
import { byId, pairs, say, show, write } from './view.js';

/** `onAct(name, ticket, reason)` for pick, next, resume, return, note, transfer and cancel. */
export function ticketDialog({ texts, words, onAct }) {
  const dialog = byId('ticket');
  const reason = byId('ticket-reason');
  const yes = byId('ticket-yes');
  let ticket = null;
  let act = null;

  function open(about, list, counter) {
    ticket = about;
    act = mainAct(list, counter);
    write(byId('ticket-title'), `${ticket.label} · ${what(ticket, texts, words)}`);
    pairs(byId('ticket-facts'), facts(counter));
    show(byId('ticket-pick'), act === 'pick');
    reason.value = '';
    wrong('');
    const current = counter.current && act !== 'return' ? counter.current.label : '';
    say(byId('ticket-busy'), act === 'resume' && current ? words.phrase(texts.busyFirst, { label: current }) : '');
    show(yes, Boolean(act));
    write(yes, { pick: texts.pickIt, next: texts.callNow, resume: texts.resume, return: texts.returned }[act]);
    yes.disabled = act === 'resume' && (Boolean(current) || !counter.open);
    for (const name of ['cancel', 'note', 'transfer']) {
      show(dialog.querySelector(`[data-do=${name}]`), ticket.moves.includes(name));
    }
    dialog.showModal();
    if (act === 'pick') reason.focus();
    else (act && !yes.disabled ? yes : dialog.querySelector('[data-do=close]')).focus();
  }

  function mainAct(list, counter) {
    if (list === 'parked') return 'resume';
    if (list === 'absent') return 'return';
    if (counter.state !== 'open') return null;
    if (counter.next && counter.next.id === ticket.id) return 'next';
    return counter.may_pick ? 'pick' : null;
  }

  function facts(counter) {
    const { facts: said } = texts;
    const time = (moment) => (moment ? words.time(moment) : '');
    return [
      [said.why, ticket.why, true],
      [said.lane, ticket.lane_title],
      [said.priority, priorityOf(ticket)],
      [said.purpose, ticket.purpose_title],
      [said.line, `${ticket.line.prefix} · ${titleOf(ticket.line)}`],
      [said.park, ticket.park ? `${parkOf(ticket, counter.reasons.park)} · ${words.phrase(texts.since, { time: time(ticket.park.at) })}` : ''],
      [said.until, time(ticket.return_until)],
      [said.waiting, words.phrase(texts.minutes, { n: words.minutes(ticket.waited_seconds) })],
      [said.range, ticket.wait_minutes && ticket.why ? words.phrase(texts.waitFor, { range: words.range(ticket.wait_minutes) }) : ''],
      [said.appointment, time(ticket.due_at)],
      [said.plan, planOf(ticket)],
      [said.note, ticket.note],
    ];
  }

  function wrong(text) {
    say(byId('ticket-reason-error'), text);
    if (text) reason.setAttribute('aria-invalid', 'true');
    else reason.removeAttribute('aria-invalid');
  }

  function go(name) {
    if (name === 'pick' && !reason.value.trim()) {
      wrong(texts.pickReason);
      reason.focus();
      return;
    }
    dialog.close();
    onAct(name, ticket, reason.value.trim());
  }

  byId('ticket-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (act && !yes.disabled) go(act);
  });
  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (!button) return;
    if (button.dataset.do === 'close') dialog.close();
    else go(button.dataset.do);
  });
  return { open };
}
