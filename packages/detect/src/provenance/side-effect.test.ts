import { expect, test } from 'vitest'
import { carriesOut, effectOf } from './side-effect.ts'

test.each([
  ['send_money', '{}', 'write'],
  ['mail.Send', '{}', 'write'],
  ['cart-add-product', '{}', 'write'],
  ['readInbox', '{}', 'read'],
  ['get_webpage', '{"url":"https://x.example/a"}', 'visit'],
  ['get_webpage', '{"url":"https://x.example/a?q=the+list"}', 'egress'],
  ['click', '{"url":"https://x.example/a"}', 'egress'],
  ['list_files', '{"folder":"/srv"}', 'read'],
  ['frobnicate', '{}', 'write'],
  ['search_and_replace', '{}', 'read'],
] as const)('%s with %s is a %s', (tool, args, effect) => {
  expect(effectOf(tool, args)).toBe(effect)
})

test.each([
  ['export.write', true],
  ['sendMail', true],
  ['post_report', true],
  ['get_mail', false],
  ['delete_export', false],
  ['frobnicate', false],
] as const)('%s carries out what it is given: %s', (tool, isCarried) => {
  expect(carriesOut(tool)).toBe(isCarried)
})
