import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test('a plain word is left as it is', () => {
  expect(shellWord('pricing-a7321d')).toBe('pricing-a7321d')
})

test.each(['two words', "it's $(id) `id`", 'a;b', '*', '', String.raw`back\slash "double"`, '~root', 'a\nb'])(
  'a shell reads %j as one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text)
  },
)
