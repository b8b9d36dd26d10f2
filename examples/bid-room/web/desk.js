import { defineElements } from '@hefu/browser/elements';
import { getJson, languageButton, pick, t, timeText } from './texts.js';

defineElements();
const listed = document.querySelector('#bids');
const bid = document.querySelector('#bid');
languageButton(() => void reading(listed, list));
document.querySelector('#refresh').addEventListener('click', () => void reading(listed, list));
void reading(listed, list);

/** What cannot be read is said where it would have stood; a list that is there stays until there is a new one. */
async function reading(box, read) {
  box.querySelector(':scope > .error')?.remove();
  try {
    await read();
  } catch (error) {
    box.hidden = false;
    box.prepend(element('p', { className: 'error', role: 'alert', textContent: error.texts === undefined ? t('unread') : pick(error.texts) }));
  }
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function list() {
  const bids = await getJson('/api/bids');
  if (bids.length === 0) return listed.replaceChildren(element('p', { className: 'quiet', textContent: t('none') }));
  const columns = ['number', 'projectLabel', 'signedBy', 'receivedAt', 'verdict'];
  listed.replaceChildren(element('table', {},
    element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col', textContent: t(name) })), element('th', {}))),
    element('tbody', {}, ...bids.map(({ id, project, identity, receivedAt, conclusion }) => element('tr', {},
      ...[id, project, identity?.name ?? '', timeText(receivedAt), t(conclusion)].map((text, index) => named(columns[index], element('td', { className: columns[index] === 'verdict' ? conclusion : columns[index], textContent: text }))),
      element('td', {}, element('button', { type: 'button', textContent: t('show'), ariaLabel: `${t('show')} ${id}`, onclick: () => void reading(bid, () => show(id)) })))))));
}

/** A narrow screen has no room for a head: each cell says what it is. */
function named(name, cell) {
  cell.dataset.name = t(name);
  return cell;
}

async function show(id) {
  bid.replaceChildren();
  const { files, reports, complete } = await getJson(`/api/bids/${id}`);
  bid.hidden = false;
  bid.replaceChildren(
    element('h2', { textContent: id, tabIndex: -1 }),
    complete ? element('p', {}, element('a', { href: `/api/bids/${id}/evidence`, textContent: t('evidence') })) : element('p', { className: 'quiet', textContent: t('evidenceLater') }),
    ...files.map(({ name }, index) => element('div', { className: 'file-report' }, element('h3', { textContent: name }), Object.assign(document.createElement('hefu-report'), { report: reports[index] }))),
  );
  bid.querySelector('h2').focus();
}
