/**
 * The whole OpenTelemetry set-up of an agent, loaded with `node --import`: everything else is read from the OTEL_*
 * variables. What is still buffered is sent when the process runs out of work.
 */
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
