// What the dossier would come to, asked of the server while it is being made: its clock, its fees, its code.
import { api } from '../lib/api.js';
import { needsPostmark, previewBody } from './draft.js';

const DELAY_MS = 200;

/** `draft()` is the dossier in the making; `onReckoned(error, waiting)` once its `preview` is renewed. */
export function reckoner({ draft, texts, onReckoned }) {
  let asked = 0;
  let timer = null;

  async function preview() {
    const about = draft();
    if (!about || !about.procedure) return;
    asked += 1;
    const mine = asked;
    const waiting = needsPostmark(about) && !about.postmark;
    const { data, error } = waiting
      ? { data: null, error: { code: 'postmark_needed', message: texts.postmarkNeeded } }
      : await api('POST', '/dossiers/preview', previewBody(about));
    if (mine !== asked || about !== draft()) return;
    about.preview = error ? null : data;
    onReckoned(error, waiting);
  }

  return {
    requestPreview(delay = DELAY_MS) {
      clearTimeout(timer);
      timer = setTimeout(preview, delay);
    },
    dropPreview() {
      asked += 1;
      clearTimeout(timer);
    },
  };
}
