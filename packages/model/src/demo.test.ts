import { expect, test } from 'vitest'
import { isDemoAgent } from './demo.ts'

const STORIES = [{ name: 'sanctioned-bucket', cluster: 'sanctioned-bucket-a1b2c3', account: '123456789012' }]

test.each([
  'k8s:sanctioned-bucket-a1b2c3/support/ticket-agent',
  'k8s:sanctioned-bucket-a1b2c3-staging/support/ticket-agent',
  'host:aws 123456789012/assumed-role/ticket-agent',
  'host:aws 123456789012/authority',
])('%s is of the demo', (agent) => expect(isDemoAgent(STORIES, agent)).toBe(true))

test.each([
  'k8s:sanctioned-bucket-a1b2c3d/support/ticket-agent',
  'k8s:sanctioned-bucket-a1b2c3-stagings/support/ticket-agent',
  'k8s:sanctioned-bucket/support/ticket-agent',
  'k8s:prod/sanctioned-bucket-a1b2c3/ticket-agent',
  'host:-/sanctioned-bucket-a1b2c3',
  'host:aws 1234567890123/authority',
  'host:aws 210987654321/authority',
  'host:-/holdfast',
])('%s is not', (agent) => expect(isDemoAgent(STORIES, agent)).toBe(false))

test('without a story nothing is', () => expect(isDemoAgent([], 'k8s:-/-/x')).toBe(false))
