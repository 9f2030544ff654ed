import { expect, test } from 'vitest'
import { environmentOf } from './environment.ts'

const GIVEN = {
  run: 'run-1',
  name: 'builder',
  host: 'node 1',
  otlp: 'http://127.0.0.1:4318',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  register: 'file:///sdk/register.js',
  python: '/sdk/python',
  data: '/srv/holdfast',
}

test('an agent is told where to send, who it is and which run it is part of', () => {
  expect(environmentOf({ PATH: '/bin', GONE: undefined }, GIVEN)).toMatchObject({
    PATH: '/bin',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_SERVICE_NAME: 'builder',
    OTEL_RESOURCE_ATTRIBUTES: 'host.name=node%201,holdfast.run=run-1',
    TRACEPARENT: GIVEN.traceparent,
    HOLDFAST_DATA: '/srv/holdfast',
    NODE_OPTIONS: '--import=file:///sdk/register.js',
    PYTHONPATH: '/sdk/python',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  })
})

test('what the caller has set stays, but for what tells the run', () => {
  const own = {
    OTEL_RESOURCE_ATTRIBUTES: 'team=a,host.name=other,holdfast.run=run-0',
    NODE_OPTIONS: '--enable-source-maps',
    PYTHONPATH: '/srv/lib::/srv/more',
    TRACELOOP_TRACE_CONTENT: 'false',
  }
  expect(environmentOf(own, GIVEN)).toMatchObject({
    OTEL_RESOURCE_ATTRIBUTES: 'team=a,host.name=node%201,holdfast.run=run-1',
    NODE_OPTIONS: '--enable-source-maps --import=file:///sdk/register.js',
    PYTHONPATH: '/sdk/python:/srv/lib::/srv/more',
    TRACELOOP_TRACE_CONTENT: 'false',
  })
})
