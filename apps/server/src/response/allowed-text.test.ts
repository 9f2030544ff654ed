import { expect, test } from 'vitest'
import { allowedText, parseAllowed } from './allowed-text.ts'

test('what may still be reached is read again as it was written', () => {
  for (const allowed of [
    { address: '10.0.0.7', prefix: 32, port: 443, protocol: 'tcp' },
    { address: 'fd00::1', prefix: 128, port: 53, protocol: 'udp' },
    { name: 'api.example.com', port: 443, protocol: 'tcp' },
  ] as const)
    expect(parseAllowed(allowedText(allowed))).toEqual(allowed)
})

test.each(['10.0.0.7:443/tcp', 'api.example.com', '10.0.0.7/32:443', 'a b:1/tcp', ''])('%s is none of them', (text) => {
  expect(parseAllowed(text)).toBeUndefined()
})
