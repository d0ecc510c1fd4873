// A file of the post that is being worked off: the bar moves, and at the end the page says what became of it.
import { api } from './lib/api.js';
import { find, findAll, pageData, say } from './lib/dom.js';

const EVERY_MS = 500;
const { file } = pageData();

async function follow() {
  const { data } = await api('GET', `/post/news/${file.id}`);
  if (data) {
    find('#bar').value = data.done;
    say(find('#done'), String(data.done));
    findAll('[data-figure]').forEach((each) => say(each, String(data[each.dataset.figure])));
    if (data.finished) window.location.reload();
  }
  if (!data || !data.finished) setTimeout(follow, EVERY_MS);
}

if (file && !file.finished) follow();
