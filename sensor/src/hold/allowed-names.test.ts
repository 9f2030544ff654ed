import type { AllowedAddress } from '@holdfast/model'
import { expect, test } from 'vitest'
import { answerBytes } from '../testing/dns-message.ts'
import { AllowedNames } from './allowed-names.ts'

const SERVER = { address: '192.0.2.53', port: 53 }

/** What is let in for a list with one name when its name server answers for `asked`. */
async function learned(
  name: string,
  asked: string,
): Promise<{ readonly let: readonly string[]; readonly asked: readonly string[] }> {
  const sent: AllowedAddress[] = []
  const questions: string[] = []
  const names = new AllowedNames({
    send: (verb, _list, one) => {
      if (verb === 'allow') sent.push(one)
      return Promise.resolve(true)
    },
    resolve: (question) => {
      questions.push(question)
      return Promise.reject(new Error('nobody is asked'))
    },
    say: () => {},
    onLearned: () => {},
  })
  await names.begin({
    containment: 'c',
    path: 'p',
    list: 7,
    names: [{ name, port: 443, protocol: 'tcp' }],
    addresses: [{ address: SERVER.address, prefix: 32, port: 53, protocol: 'udp' }],
  })
  await names.take('p', answerBytes(asked, [{ owner: asked, ttlS: 60, address: '198.51.100.7' }]), SERVER)
  return { let: sent.map(({ address, port }) => `${address}:${port}`), asked: questions }
}

test('a name is asked for, and what its name server answers is let in', async () => {
  expect(await learned('api.example.test', 'api.example.test')).toEqual({
    let: ['198.51.100.7:443'],
    asked: ['api.example.test'],
  })
})

test.each([
  ['*.example.test', 'api.example.test', true],
  ['pod-*.example.test', 'pod-7.example.test', true],
  ['a*b*c.example.test', 'a-b-b-c.example.test', true],
  ['ab*ba.example.test', 'aba.example.test', false],
  ['a*b*b.example.test', 'a-b.example.test', false],
  ['*.example.test', 'a.b.example.test', false],
  ['*.example.test', 'example.test', false],
  ['pod-*.example.test', 'job-7.example.test', false],
  ['*.example.test', 'api.example.test.evil.test', false],
])('the pattern %s lets in what is answered for %s: %s', async (pattern, asked, is) => {
  // A pattern is nothing that a resolver could be asked for.
  expect(await learned(pattern, asked)).toEqual({ let: is ? ['198.51.100.7:443'] : [], asked: [] })
})
