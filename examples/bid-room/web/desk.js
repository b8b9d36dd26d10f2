import { defineElements } from '@hefu/browser/elements';
import { getJson, languageButton, t, timeText } from './texts.js';

defineElements();
languageButton(() => void list());
document.querySelector('#refresh').addEventListener('click', () => void list());
void list();

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function list() {
  const bids = await getJson('/api/bids');
  const box = document.querySelector('#bids');
  if (bids.length === 0) return box.replaceChildren(element('p', { className: 'quiet', textContent: t('none') }));
  box.replaceChildren(element('table', {},
    element('thead', {}, element('tr', {}, ...['number', 'projectLabel', 'signedBy', 'receivedAt', 'verdict'].map((name) => element('th', { scope: 'col', textContent: t(name) })), element('th', {}))),
    element('tbody', {}, ...bids.map(({ id, project, identity, receivedAt, conclusion }) => element('tr', {},
      ...[id, project, identity?.name ?? '', timeText(receivedAt)].map((text) => element('td', { textContent: text })),
      element('td', { className: conclusion, textContent: t(conclusion) }),
      element('td', {}, element('button', { type: 'button', textContent: t('show'), ariaLabel: `${t('show')} ${id}`, onclick: () => void show(id) })))))));
}

async function show(id) {
  const { files, reports, complete } = await getJson(`/api/bids/${id}`);
  const bid = document.querySelector('#bid');
  bid.hidden = false;
  bid.replaceChildren(
    element('h2', { textContent: id, tabIndex: -1 }),
    complete ? element('p', {}, element('a', { href: `/api/bids/${id}/evidence`, textContent: t('evidence') })) : element('p', { className: 'quiet', textContent: t('evidenceLater') }),
    ...files.map(({ name }, index) => element('div', { className: 'file-report' }, element('h3', { textContent: name }), Object.assign(document.createElement('hefu-report'), { report: reports[index] }))),
  );
  bid.querySelector('h2').focus();
}
