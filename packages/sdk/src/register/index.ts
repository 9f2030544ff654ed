/**
 * Loaded before an agent with `node --import @holdfast/sdk/register`. Child processes get the trace context of the span
 * that starts them, and the receiver is told which span uses which socket, which runtime runs and which packages it has
 * loaded. Where the agent has no OpenTelemetry, no span is active and no socket is told. Never throws into the agent.
 */
import { readEnvironment } from '../otlp/environment.ts'
import { passContextOn } from './child-processes.ts'
import { watchPackages } from './loaded-packages.ts'
import { SocketReports } from './socket-reports.ts'
import { watchSockets } from './watch-sockets.ts'

// A second copy, or the same one named twice, would report every socket twice.
const LOADED = Symbol.for('holdfast.sdk.register.1')

if (!Object.hasOwn(globalThis, LOADED)) {
  Object.defineProperty(globalThis, LOADED, { value: true })
  const settings = readEnvironment(process.env)
  if (!settings.isDisabled) {
    passContextOn(process.env['TRACEPARENT'])
    // Without a receiver that somebody named there is nobody to tell.
    if (settings.logsUrl !== undefined) {
      const reports = new SocketReports({ ...settings, logsUrl: settings.logsUrl })
      watchPackages((eventName, attributes) => reports.say(eventName, attributes))
      watchSockets(reports)
    }
  }
}
