// "I need help": asked once more before somebody sets out, then said that it was heard.
import { ask } from './ask.js';
import { byId, write } from './view.js';

/** `onAsk()` sends the call and resolves to whether it was heard. */
export function assistButton({ texts, words, onAsk }) {
  let wanted = null; // the entry that asked

  return {
    async press(counter, now) {
      const sure = await ask({
        title: texts.assistTitle,
        text: words.phrase(texts.assistText, { n: counter.number }),
        yes: texts.assistYes,
      });
      if (sure && (await onAsk())) write(byId('assist-text'), words.phrase(texts.assisted, { time: words.time(now()) }));
    },
    /** Hears that the call of this counter was written, and that somebody answered it. */
    hear(fact, counterId) {
      if (fact.kind === 'help.wanted' && fact.counter === counterId) wanted = fact.seq;
      if (fact.kind === 'help.answered' && wanted !== null && fact.wanted === wanted) {
        write(byId('assist-text'), texts.assistComing);
      }
    },
  };
}
