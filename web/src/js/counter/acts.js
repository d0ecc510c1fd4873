// What each key and button does. Common path: call, receive, finish and call; everything else asks once where it must.
import { choose } from './choose.js';
import { titleOf } from './names.js';
import { chooseState } from './state.js';
import { undoable } from './undo.js';
import { openActs } from './visit.js';

const JUST_CALLED_SECONDS = 30;
const DOUBLE_PRESS_SECONDS = 2; // a second press this soon is a slip: it would skip the citizen just called

/**
 * `desk` is the page's link to the server, `dialogs` are note, park and transfer, `rows` the left column; `ask` is the question
 * dialog. `ofTicket(name, ticket, reason)` acts on any number in sight, `acts` on the present visit and the counter.
 */
export function makeActs({ desk, form, rows, dialogs, assist, ask, texts, words }) {
  const secondsSinceCall = () => (desk.now() - Date.parse(desk.counter.current.called_at)) / 1000;
  const path = (ticket) => `/tickets/${ticket.id}/moves`;
  const move = (name) => desk.send(path(desk.counter.current), { move: name });
  const next = (body) => desk.send(`/counters/${desk.counter.id}/next`, body);
  const setState = (body) => desk.send(`/counters/${desk.counter.id}/state`, body);

  /** Calls somebody; the present visit ends in the same change. */
  async function call(body) {
    const running = Boolean(desk.counter.current);
    if (running && desk.counter.current.state === 'called' && secondsSinceCall() < DOUBLE_PRESS_SECONDS) return;
    if (running && !(await form.confirmLoss(texts.dropAndCall))) return;
    if (await next(running ? { ...body, finish: true, present: desk.counter.current.id } : body)) form.close();
  }

  /** The ticket may have moved while a question was open. */
  const still = (name) => openActs(desk.counter, desk.busy, desk.rests).has(name);

  const ofTicket = {
    next: (ticket) => (desk.counter.next && desk.counter.next.id === ticket.id ? call({}) : undefined),
    pick: (ticket, reason) => call({ pick: ticket.id, reason }),
    async resume(ticket) {
      const done = await desk.send(path(ticket), { move: 'resume', counter: desk.counter.id });
      if (done && form.kept.has(ticket.id)) form.open(desk.counter.current);
    },
    return: (ticket) => desk.send(path(ticket), { move: 'return' }),
    note: (ticket) => dialogs.note.open(ticket),
    transfer: (ticket) => dialogs.transfer.open(ticket, desk.counter.targets, form.kept.has(ticket.id)),
    async cancel(ticket) {
      const title = words.phrase(texts.cancelTitle, { label: ticket.label });
      if (await ask({ title, text: texts.cancelText, yes: texts.cancelYes })) {
        await desk.send(path(ticket), { move: 'cancel' });
      }
    },
  };

  return {
    ofTicket: (name, ticket, reason) => ofTicket[name](ticket, reason),
    /** For the note dialog. */
    note: (ticket, note) => desk.attempt(path(ticket), { move: 'note', note }),
    /** For the park dialog: done with what was typed kept. */
    async park(ticket, details) {
      const trouble = await desk.attempt(path(ticket), { move: 'park', ...details });
      if (!trouble) {
        form.setAside();
        desk.redraw(); // the row says that a dossier waits with it
      }
      return trouble;
    },
    /** For the transfer dialog, which has said what is lost. */
    async transfer(ticket, details) {
      const own = Boolean(desk.counter.current) && desk.counter.current.id === ticket.id;
      const trouble = await desk.attempt(path(ticket), { move: 'transfer', ...details });
      if (!trouble && own) form.close();
      return trouble;
    },
    byLine: (line) => call({ line }),

    acts: {
      next: () => call({}),
      start: () => move('start'),
      recall: () => move('recall'),
      async no_show() {
        const seconds = Math.floor(secondsSinceCall());
        if (seconds < JUST_CALLED_SECONDS) {
          const title = words.phrase(texts.noShowTitle, { label: desk.counter.current.label });
          const text = words.phrase(texts.noShowText, { n: seconds });
          if (!(await ask({ title, text, yes: texts.noShow })) || !still('no_show')) return;
        }
        if (!(await form.confirmLoss(texts.dropAndNoShow)) || !still('no_show')) return;
        if (await move('no_show')) form.close();
      },
      async finish() {
        if (!(await form.confirmLoss(texts.dropAndFinish)) || !still('finish')) return;
        if (await move('finish')) form.close();
      },
      /** Whoever hands papers over has come: the visit begins by itself. */
      receive() {
        if (form.phase === 'open') return;
        form.open(desk.counter.current);
        if (desk.counter.current && desk.counter.current.state === 'called' && still('start')) move('start');
      },
      note: () => dialogs.note.open(desk.counter.current),
      park: () => dialogs.park.open(desk.counter.current, desk.counter.reasons.park, form.dirty),
      transfer: () => dialogs.transfer.open(desk.counter.current, desk.counter.targets, form.dirty),
      async undo() {
        const undo = undoable(desk.counter, desk.now());
        const before = desk.counter.current;
        if (!undo || !(await desk.send(path({ id: undo.ticket }), { move: 'undo', undoes: undo.seq }))) return;
        const { current } = desk.counter;
        if ((current && current.id) === (before && before.id)) return;
        form.setAside();
        desk.redraw();
        if (current && form.kept.has(current.id)) form.open(current);
      },
      list: () => rows.enter(),
      async line() {
        const options = desk.counter.lines
          .filter((line) => line.waiting > 0)
          .map((line) => ({
            key: String(line.id),
            title: `${line.prefix} · ${titleOf(line)}`,
            note: words.phrase(texts.people, { n: line.waiting }),
          }));
        if (!options.length) return;
        const taken = await choose({ title: texts.lineTitle, text: texts.lineText, options });
        if (taken) await call({ line: Number(taken) });
      },
      async state() {
        const wanted = await chooseState(desk.counter, texts, words);
        if (wanted) await setState(wanted);
      },
      reopen: () => setState({ state: 'open', reason: '' }),
      assist: () => assist.press(desk.counter, desk.now),
    },
  };
}
