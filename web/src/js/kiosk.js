/** The kiosk: office → procedure → priority → number. The visit lives in memory only and ends with the visitor. */
import { newKey } from './lib/api.js';
import { find, findAll, pageData, put, say } from './lib/dom.js';
import { wireCheckIn } from './kiosk/checkin.js';
import { isComforted, resetComfort, wireComfort } from './kiosk/comfort.js';
import { drawDoor, keepDoor } from './kiosk/door.js';
import { drawFound } from './kiosk/found.js';
import { keepFresh } from './kiosk/freshness.js';
import { wireHelp } from './kiosk/help.js';
import { watchIdle } from './kiosk/idle.js';
import { issue, wishOf } from './kiosk/issue.js';
import { drawKeyboard } from './kiosk/keyboard.js';
import { comesLate, drawLate } from './kiosk/late.js';
import { closedNotice, departmentTitle, procedureRow, reason, tile } from './kiosk/lists.js';
import { drawFurther, drawMore } from './kiosk/more.js';
import { drawOffer, drawProblem } from './kiosk/problem.js';
import { APPLY, drawPurpose, wirePurpose } from './kiosk/purpose.js';
import { reloadWhenAsked } from './kiosk/reload.js';
import { addScrollButtons } from './kiosk/scroll.js';
import { makeIndex, searchIndex } from './kiosk/search.js';
import { hideTicket, showTicket, wireTicket } from './kiosk/ticket.js';
import { currentLanguage, onLanguage, speak, t, teach } from './kiosk/words.js';

const SCREENS = ['home', 'search', 'procedures', 'late', 'priority', 'more', 'checkin', 'ticket', 'offer', 'problem'];
const STEPPED = new Set(['search', 'procedures', 'late', 'priority', 'checkin', 'problem']);
const NORMAL = 'normal';
const WITHOUT_PRINTER = 'printer_not_ready';
// Banners about the printer would only repeat, or contradict, what these screens say of it.
const SPEAKS_OF_PAPER = new Set(['ticket', 'offer']);
const FEW_OFFICES = 8; // so few may take larger tiles

const data = pageData();
let menu = data.menu;
let index = makeIndex(menu);
let connection = 'fine';
let visit = newVisit();
teach(data.texts);

/** `trail` are the screens to go back through; `key` makes the wish one wish, however often it is sent. */
function newVisit() {
  return { screen: 'home', trail: [], purpose: APPLY, department: null, procedure: null, priority: null, then: [], nextDay: false, key: newKey(), busy: false, problem: null };
}

const refreshScroll = addScrollButtons();
const query = find('#query');

function show(screen) {
  visit.screen = screen;
  SCREENS.forEach((name) => (find(`#${name}`).hidden = name !== screen));
  find('#steps').hidden = !STEPPED.has(screen);
  find('#notice').hidden = true;
  drawBanners();
  draw();
  findAll('.scroll ul').forEach((list) => (list.scrollTop = 0));
  if (screen === 'search') query.focus({ preventScroll: true });
  else if (screen === 'checkin') find('#checkin-code').focus({ preventScroll: true });
  else find('#main').focus({ preventScroll: true });
}

function go(screen) {
  visit.trail.push(visit.screen);
  show(screen);
}

function back() {
  if (visit.busy) return;
  // Another wish may follow, so it gets another key.
  visit.key = newKey();
  const before = visit.trail.pop() || 'home';
  if (before === 'home') home();
  else show(before);
}

function home() {
  hideTicket();
  clearCheckIn();
  query.value = '';
  visit = newVisit();
  show('home');
}

/** For the next visitor: everything as it was in the morning. */
function reset() {
  if (find('#help').open) find('#help').close();
  resetComfort();
  if (currentLanguage() !== data.start) speak(data.start);
  home();
  refresh();
}

function notice(text) {
  say(find('#notice'), text);
  find('#notice').hidden = false;
}

function chooseDepartment(department) {
  if (!department.line.open) return notice(closedNotice(department, menu));
  visit.department = department;
  visit.procedure = null;
  return visit.purpose !== APPLY || department.procedures.length === 0 ? proceed() : go('procedures');
}

function chooseProcedure(department, procedure) {
  if (!department.line.open) return notice(closedNotice(department, menu));
  visit.department = department;
  visit.procedure = procedure;
  return proceed();
}

/** On to the number; first, where it may get late, to what can be done about that. */
function proceed(nextDay = false) {
  visit.nextDay = nextDay;
  visit.then = [];
  go(visit.screen !== 'late' && comesLate(visit.department, menu) ? 'late' : 'priority');
}

async function takeNumber(priority, paper = menu.printer ? true : null) {
  if (visit.busy) return;
  const mine = visit;
  mine.busy = true;
  mine.priority = priority;
  busy(t('issuing'));
  const answer = await issue(wishOf(mine, menu, currentLanguage(), paper), mine.key, () => busy(t('issue_retry')));
  mine.busy = false;
  wake();
  busy('');
  if (answer.data) {
    show('ticket');
    showTicket({ ...answer.data, next: mine.nextDay }, priority.key === NORMAL ? null : priority);
    refresh();
    return;
  }
  if (answer.error.code === WITHOUT_PRINTER) {
    visit.key = newKey(); // the same wish without paper is another one
    go('offer');
    callForPrinter();
    refresh();
    return;
  }
  mine.problem = { answer, again: () => takeNumber(priority, paper) };
  if (visit.screen !== 'problem') go('problem');
  else draw();
  refresh();
}

function busy(text) {
  say(find('#busy'), text);
  findAll('#priority button, #more button, #offer button, #retry, #steps button').forEach((button) => (button.disabled = visit.busy));
  say(find('#offer-busy'), text);
  if (visit.screen === 'problem' && text) say(find('#problem-what'), text);
}

function drawHome() {
  say(find('#home-title'), t(visit.purpose === APPLY ? 'welcome' : 'results_title'));
  drawPurpose(visit.purpose);
  drawDoor(mayCheckIn() ? door() : null);
  const list = find('#departments');
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.line : null;
  put(list, menu.departments.map((department) => tile(department, menu, connection === 'lost', chooseDepartment)));
  if (focused) (find(`[data-line="${focused}"]`, list) || find('#main')).focus({ preventScroll: true });
  list.classList.toggle('tiles--few', menu.departments.length <= FEW_OFFICES);
  find('#empty').hidden = menu.departments.length > 0;
}

function drawSearch() {
  const found = searchIndex(index, query.value);
  drawFound(found, query.value.trim(), { menu, stale: connection === 'lost', chooseDepartment, chooseProcedure });
}

function place(element) {
  const { department, procedure } = visit;
  put(element, department ? departmentTitle(department, menu) : '', procedure && [' · ', procedure.name]);
}

function draw() {
  const { screen, department } = visit;
  if (screen === 'home') drawHome();
  if (screen === 'search') drawSearch();
  if (screen === 'procedures') {
    place(find('#procedures-place'));
    put(find('#procedure-list'), department.procedures.map((one) => procedureRow(one, department, menu, chooseProcedure, false)));
  }
  if (screen === 'priority') {
    place(find('#priority-place'));
    put(find('#reasons'), menu.priorities.filter((one) => one.key !== NORMAL).map((one) => reason(one, takeNumber)));
    drawFurther(visit, menu);
    busy(find('#busy').textContent);
  }
  if (screen === 'late') {
    place(find('#late-place'));
    drawLate(department, door() && door().book);
  }
  if (screen === 'more') drawMore(visit, menu);
  if (screen === 'offer') drawOffer(menu);
  if (screen === 'problem') drawProblem(visit.problem, connection === 'unpaired', STEPPED.has(screen));
  refreshScroll();
}

function drawBanners() {
  find('#lost').hidden = connection !== 'lost';
  find('#offline').hidden = connection === 'lost' || !menu.offline || visit.screen === 'ticket'; // says so itself
  find('#printer-away').hidden = connection === 'lost' || !menu.printer || menu.printer.ready || SPEAKS_OF_PAPER.has(visit.screen);
}

const normal = () => menu.priorities.find((one) => one.key === NORMAL) || { key: NORMAL, title: '' };

/** Whether there is anything on the screen that the next visitor should not find. */
const used = () =>
  visit.screen !== 'home' || visit.purpose !== APPLY || isComforted() || find('#help').open || !find('#notice').hidden || currentLanguage() !== data.start || find('#departments').scrollTop > 8;

const wake = watchIdle({
  needed: () =>
    !visit.busy &&
    visit.screen !== 'ticket' &&
    connection !== 'unpaired' &&
    used(),
  reset,
});
const mayCheckIn = () => Boolean(door()) && !menu.offline && connection === 'fine';
const door = keepDoor(() => {
  drawDoor(mayCheckIn() ? door() : null);
  refreshScroll();
});
const clearCheckIn = wireCheckIn({
  ready: () => mayCheckIn() && !visit.busy,
  open() {
    home();
    go('checkin');
  },
  onArrived(ticket) {
    wake();
    show('ticket');
    showTicket(ticket, null);
    refresh();
  },
});
const hearReload = reloadWhenAsked(menu.reload_at, () => !visit.busy && !used());
const callForPrinter = wireHelp();
const refresh = keepFresh({
  onMenu(fresh) {
    menu = fresh;
    hearReload(menu.reload_at);
    index = makeIndex(menu);
    drawBanners();
    // Under a finger that is about to tap, only the figures on the first screen may change.
    if (visit.screen === 'home') drawHome();
    if (visit.screen === 'offer') drawOffer(menu);
    refreshScroll();
  },
  onState(state) {
    connection = state;
    drawBanners();
    if (state === 'unpaired') show('problem');
    else if (visit.screen === 'problem' && !visit.problem) home();
    else if (visit.screen === 'home') drawHome();
  },
});

onLanguage(() => {
  document.title = `${t('title')} · ${menu.office.title}`;
  drawKeyboard(find('#keyboard'), query, { delete: t('delete'), clear: t('clear'), space: t('space') });
  draw();
  drawBanners();
});
findAll('[data-lang]').forEach((button) => button.addEventListener('click', () => speak(button.dataset.lang)));
find('#open-search').addEventListener('click', () => go('search'));
find('#open-checkin').addEventListener('click', () => go('checkin'));
wirePurpose(() => visit.purpose, (purpose) => {
  visit.purpose = purpose;
  draw();
});
query.addEventListener('input', () => {
  drawSearch();
  find('#results').scrollTop = 0;
  refreshScroll();
});
find('#unsure').addEventListener('click', () => {
  visit.procedure = null;
  proceed();
});
find('#late-next').addEventListener('click', () => proceed(true));
find('#late-today').addEventListener('click', () => proceed());
find('#more-open').addEventListener('click', () => go('more'));
find('#more-done').addEventListener('click', back);
find('#normal').addEventListener('click', () => takeNumber(normal()));
find('#offer-take').addEventListener('click', () => takeNumber(visit.priority, false));
find('#offer-leave').addEventListener('click', () => !visit.busy && home());
find('#retry').addEventListener('click', () => {
  if (connection === 'unpaired') location.assign('/pair');
  else if (visit.problem) visit.problem.again();
});
find('#back').addEventListener('click', back);
find('#start-over').addEventListener('click', () => !visit.busy && home());
findAll('[data-open]').forEach((button) => button.addEventListener('click', () => find(`#${button.dataset.open}`).showModal()));
findAll('[data-close]').forEach((button) => button.addEventListener('click', () => button.closest('dialog').close()));
window.addEventListener('contextmenu', (event) => event.preventDefault());
wireTicket(reset);
wireComfort(refreshScroll);
speak(data.start);
home();
