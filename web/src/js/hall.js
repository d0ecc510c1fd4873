// The manager's live view: the server draws the moving part anew whenever something happened; the pages work without.
import { listenForPanels } from './hall/panel.js';
import { find, pageData, put, say } from './lib/dom.js';
import { fill } from './lib/format.js';
import { live } from './lib/live.js';

const SOON_MS = 1200; // a busy hall has several events a second; one drawing for all of them is enough
const IDLE_MS = 20000; // waits grow although nothing happens
const LOST_MS = 4000;
const page = pageData();
const { texts } = page;

let timer = null;
let asked = 0;
let socketLost = false;
let serverLost = false;

function drawLost() {
  find('#lost').hidden = !(socketLost || serverLost);
}

/** Puts new content in place; what was focused, unfolded and scrolled to stays so. */
function swap(content) {
  const place = find('#live');
  const focused = place.contains(document.activeElement) ? document.activeElement.id : '';
  const unfolded = Array.from(place.querySelectorAll('details[open]')).map((each) => each.id);
  const list = find('#alerts-list', place);
  const scrolled = list ? list.scrollTop : 0;
  put(place, Array.from(content.childNodes));
  unfolded.forEach((id) => {
    const details = document.getElementById(id);
    if (details) details.open = true;
  });
  const again = find('#alerts-list', place);
  if (again) again.scrollTop = scrolled;
  const target = focused && document.getElementById(focused);
  if (target) target.focus({ preventScroll: true });
  tellAlerts();
}

/** The number of alerts in the window's title; spoken only when it changed. */
function tellAlerts() {
  const facts = find('#live-facts').dataset;
  say(find('#at'), facts.at);
  const words = fill(texts.alerts, { n: facts.alerts });
  document.title = facts.alerts === '0' ? texts.title : `(${facts.alerts}) ${texts.title}`;
  say(find('#heard'), words);
}

async function fetchPart() {
  try {
    const response = await fetch('/hall/live', { credentials: 'same-origin', cache: 'no-store', redirect: 'manual' });
    if (response.type === 'opaqueredirect' || response.status === 401) {
      window.location.reload(); // signed out meanwhile: the door asks for the password
      return null;
    }
    return response.ok ? new DOMParser().parseFromString(await response.text(), 'text/html').body : null;
  } catch {
    return null;
  }
}

async function refresh() {
  clearTimeout(timer);
  timer = null;
  asked += 1;
  const mine = asked;
  const content = await fetchPart();
  if (mine !== asked) return;
  serverLost = !content;
  drawLost();
  if (content) swap(content);
  if (!timer) timer = setTimeout(refresh, socketLost || serverLost ? LOST_MS : IDLE_MS);
}

let soon = null;
function refreshSoon() {
  if (soon) return;
  soon = setTimeout(() => {
    soon = null;
    refresh();
  }, SOON_MS);
}

function follow() {
  live({
    rooms: [page.room],
    resume: false,
    onSnapshot: refreshSoon,
    onEvent: refreshSoon,
    onStatus(status) {
      socketLost = status === 'lost';
      drawLost();
      refreshSoon();
    },
  });
  timer = setTimeout(refresh, IDLE_MS);
  tellAlerts();
  listenForPanels(texts);
}

function offerPrint() {
  const button = find('#print');
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

if (page.room) follow();
offerPrint();
