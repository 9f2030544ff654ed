import { describe, expect, test } from 'vitest'
import { judgeAddress, listOf } from './addresses.ts'
import { Outgoing } from './outgoing.ts'

const NONE = listOf([])

test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '172.32.0.1', '11.0.0.1', '100.128.0.1'])(
  '%s is one of the internet at large',
  (address) => {
    expect(judgeAddress(address, NONE)).toEqual({ status: 'allowed' })
  },
)

test('a range that is allowed is allowed, and its neighbours are not', () => {
  const allowed = listOf(['10.1.0.0/16', 'fd00:1::/32'])
  expect(judgeAddress('10.1.255.255', allowed).status).toBe('allowed')
  expect(judgeAddress('10.2.0.0', allowed).status).toBe('refused')
  expect(judgeAddress('fd00:1::9', allowed).status).toBe('allowed')
  expect(judgeAddress('fd00:2::9', allowed).status).toBe('refused')
})

test('the cloud’s metadata is refused inside an allowed range too', () => {
  const all = listOf(['0.0.0.0/0', '::/0'])
  for (const address of ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254', '192.0.0.192'])
    expect(judgeAddress(address, all).status).toBe('refused')
})

/** Addresses that no notice is for. */
const INNER = [
  [127, 0, 0, 1],
  [127, 1, 2, 3],
  [0, 0, 0, 0],
  [10, 0, 0, 1],
  [172, 16, 0, 1],
  [192, 168, 1, 1],
  [100, 64, 0, 1],
  [169, 254, 169, 254],
  [169, 254, 0, 1],
  [192, 0, 0, 192],
  [198, 18, 0, 1],
  [203, 0, 113, 7],
  [224, 0, 0, 1],
  [255, 255, 255, 255],
] as const

/** One address in every spelling that some resolver, library or URL parser somewhere takes for it. */
function spellings([a, b, c, d]: readonly [number, number, number, number]): readonly string[] {
  const whole = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  const hex = (number: number): string => number.toString(16)
  const oct = (number: number): string => `0${number.toString(8)}`
  const high = hex(a * 256 + b)
  const low = hex(c * 256 + d)
  const dotted = `${a}.${b}.${c}.${d}`
  const wide = dotted.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
  return [
    dotted,
    `${dotted}.`,
    String(whole),
    `0x${hex(whole)}`,
    `0${whole.toString(8)}`,
    [a, b, c, d].map((part) => `0x${hex(part)}`).join('.'),
    [a, b, c, d].map(oct).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `0x${hex(a)}.${oct(b)}.${c}.${d}`,
    wide,
    dotted.replaceAll('.', '。'),
    dotted.replaceAll('.', '%2e'),
    `[::ffff:${dotted}]`,
    `[::ffff:${high}:${low}]`,
    `[0:0:0:0:0:ffff:${dotted}]`,
    `[::${dotted}]`,
    `[::ffff:0:${dotted}]`,
    `[64:ff9b::${dotted}]`,
    `[64:ff9b:1::${dotted}]`,
    `[2002:${high}:${low}::1]`,
    `user@${dotted}`,
    `trusted.example@${dotted}`,
    `${dotted}#@trusted.example`,
    `${dotted}\\@trusted.example`,
  ]
}

describe('a request to an inner address is not sent, however it is spelled', () => {
  const urls = [
    ...INNER.flatMap((address) => spellings(address)).map((host) => `https://${host}/hook`),
    ...[
      '[::1]',
      '[::]',
      '[fe80::1]',
      '[fe80::1%25eth0]',
      '[fc00::1]',
      '[fd00:ec2::254]',
      '[fec0::1]',
      '[ff02::1]',
      '[2001:db8::1]',
      '[100::1]',
    ].map((host) => `https://${host}/hook`),
    'https://localhost/hook',
    'file:///etc/passwd',
    'ftp://192.168.1.1/',
    'gopher://127.0.0.1:6379/_x',
    'https://',
    '//127.0.0.1/',
    'http://93.184.216.34/not-https',
    'https://a:b@93.184.216.34/',
  ]
  test(`${urls.length} of them`, async () => {
    const outgoing = new Outgoing({
      // What a name server would say to a name: an inner address as well.
      resolve: async (name) => [/^[\d.:a-f]+$/i.test(name) ? name : '127.0.0.1'],
      timeoutMs: 2_000,
    })
    for (const url of urls) {
      const answer = await outgoing.send({ method: 'POST', url, headers: {}, body: '{}' })
      expect(answer.status, url).toBe('not-allowed')
    }
    expect(urls.length).toBeGreaterThanOrEqual(300)
  })
})
