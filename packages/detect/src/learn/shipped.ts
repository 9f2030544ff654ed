import type { Detector } from './detector.ts'
import weights from './weights.json' with { type: 'json' }

/** The weights that ship. `npm run train -w bench` makes the file; a test compares it with the types that it is read as. */
export const SHIPPED: Detector = weights as unknown as Detector // written by trainDetector; detector.test.ts proves its shape
