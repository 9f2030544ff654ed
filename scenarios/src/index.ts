export { runDemo } from './demo/run-demo.ts'
export type { DemoOptions, DemoProgress, DemoResult } from './demo/run-demo.ts'
export type { ScenarioName } from './demo/stories.ts'
