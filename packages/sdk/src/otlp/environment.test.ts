import { expect, test } from 'vitest'

import { readEnvironment } from './environment.ts'

test('without variables it is a loopback receiver and an unknown service', () => {
  const settings = readEnvironment({})
  expect(settings).toMatchObject({ isDisabled: false, tracesUrl: 'http://127.0.0.1:4318/v1/traces', timeoutMs: 10_000 })
  expect(settings.resource.get('service.name')).toBe('unknown_service:node')
})

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://holdfast.example/' }, 'https://holdfast.example/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example/base' }, 'https://a.example/base/v1/traces'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://b.example/in' },
    'https://b.example/in',
  ],
])('the endpoint of %o is %s', (env, url) => {
  expect(readEnvironment(env).tracesUrl).toBe(url)
})

test('OTEL_SERVICE_NAME outranks the name in OTEL_RESOURCE_ATTRIBUTES, whose values are percent-decoded', () => {
  const { resource } = readEnvironment({
    OTEL_SERVICE_NAME: 'refunds',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,team=a%2Cb, rate = 5%,broken,=x',
  })
  expect(resource.get('service.name')).toBe('refunds')
  expect(resource.get('team')).toBe('a,b')
  expect(resource.get('rate')).toBe('5%')
  expect([...resource.keys()]).not.toContain('broken')
})

test('headers are read as key=value pairs, the ones for traces first', () => {
  expect(readEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20k1' }).headers).toEqual(
    new Map([['authorization', 'Bearer k1']]),
  )
  const both = { OTEL_EXPORTER_OTLP_HEADERS: 'a=1', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=2' }
  expect(readEnvironment(both).headers).toEqual(new Map([['b', '2']]))
})

test('a number that is none counts as unset, and a batch is never larger than the queue', () => {
  const env = { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_SCHEDULE_DELAY: 'soon', OTEL_EXPORTER_OTLP_TIMEOUT: '-3' }
  expect(readEnvironment(env)).toMatchObject({ queuedSpans: 10, batchSpans: 10, delayMs: 1000, timeoutMs: 10_000 })
})
