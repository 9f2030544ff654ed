/** OpenInference for LangChain.js and LangGraph.js, on top of `telemetry.ts`: the two lines of its documentation. */
import '../telemetry.ts'
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'
import * as callbackManager from '@langchain/core/callbacks/manager'

new LangChainInstrumentation().manuallyInstrument(callbackManager)
