/** The one call that is large. Calls that come together are shown in turn, each long enough to be read. */

const LEAST = 2000; // ms

/**
 * `show(call)` draws a call, or the lack of one (null). While a call is being spoken the stage is the voice's:
 * what people hear is what they see.
 */
export function createStage(show) {
  let queue = [];
  let shown = null;
  let timer = null;
  let spoken = false;

  function put(call) {
    clearTimeout(timer);
    shown = call;
    show(call);
    timer = setTimeout(() => {
      timer = null;
      next();
    }, LEAST);
  }

  function next() {
    if (timer === null && !spoken && queue.length > 0) put(queue.shift());
  }

  const without = (ticket) => queue.filter((call) => call.ticket !== ticket);

  return {
    /** A new call, or the same number again. */
    call(call) {
      queue = [...without(call.ticket), call];
      next();
    },
    /** No turn-taking: this is the present state. */
    settle(call) {
      if (timer !== null || spoken) return; // what is being shown is part of it
      shown = call;
      show(call);
    },
    /** A call that was taken back; `newest` stands in for it. */
    remove(ticket, newest) {
      queue = without(ticket);
      if (shown && shown.ticket === ticket) {
        clearTimeout(timer);
        timer = null;
        spoken = false;
        shown = newest;
        show(newest);
        next();
      }
    },
    /** Nothing is known any more. */
    clear() {
      clearTimeout(timer);
      timer = null;
      queue = [];
      shown = null;
      spoken = false;
      show(null);
    },
    speaking(call) {
      spoken = true;
      queue = without(call.ticket);
      if (!shown || shown.ticket !== call.ticket) put(call);
    },
    silent() {
      spoken = false;
      next();
    },
    get ticket() {
      return shown ? shown.ticket : null;
    },
  };
}
