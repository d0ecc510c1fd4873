// Idempotency keys: the same request sent again keeps its key, a changed one gets a new one.
import { newKey } from '../lib/api.js';

export function receipts() {
  let sent = null;
  let key = null;
  return {
    keyFor(body) {
      const text = JSON.stringify(body);
      if (text !== sent) {
        sent = text;
        key = newKey();
      }
      return key;
    },
    done() {
      sent = null;
    },
  };
}
