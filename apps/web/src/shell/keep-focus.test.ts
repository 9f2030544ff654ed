// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest'
import { focusPage, keepFocus } from './keep-focus.ts'

let end: () => void

beforeEach(() => {
  document.body.innerHTML = `
    <button id="elsewhere">Elsewhere</button>
    <main id="main" tabindex="-1">
      <div id="page"><h1>Incident</h1>
        <section id="plan"><div id="acts"><button id="approve">Approve</button><button id="apply">Apply</button></div></section>
      </div>
    </main>`
  end = keepFocus()
})
afterEach(() => end())

/** What tells of changes is called in a task of its own. */
const noticed = () => new Promise((done) => setTimeout(done))
const focused = () => document.activeElement?.id
const byId = (id: string) => document.getElementById(id) ?? document.body

test('what is removed leaves the focus to the smallest part around it that is still there', async () => {
  byId('approve').focus()
  byId('approve').remove()
  await noticed()
  expect(focused()).toBe('acts')
  byId('plan').remove()
  await noticed()
  expect(focused()).toBe('page')
})

test('what is disabled for a moment gets the focus back, unless it has gone elsewhere', async () => {
  const approve = byId('approve')
  approve.focus()
  approve.setAttribute('disabled', '')
  await noticed()
  expect(focused()).toBe('acts')
  approve.removeAttribute('disabled')
  await noticed()
  expect(focused()).toBe('approve')
  approve.setAttribute('disabled', '')
  await noticed()
  byId('elsewhere').focus()
  approve.removeAttribute('disabled')
  await noticed()
  expect(focused()).toBe('elsewhere')
})

test('a page that replaces another is read from its title on', async () => {
  byId('apply').focus()
  byId('main').innerHTML = '<div><h1 id="title">Audit</h1></div>'
  await noticed()
  expect(focused()).toBe('title')
})

test('a page that was gone to from nowhere is read from its title on, and a focus that somebody set is left alone', () => {
  focusPage()
  expect(document.activeElement?.tagName).toBe('H1')
  byId('elsewhere').focus()
  focusPage()
  expect(focused()).toBe('elsewhere')
})

test('whoever clicked elsewhere lost nothing', async () => {
  byId('approve').focus()
  byId('page').dispatchEvent(new Event('pointerdown', { bubbles: true }))
  byId('approve').blur()
  byId('apply').remove()
  await noticed()
  expect(document.activeElement).toBe(document.body)
})
