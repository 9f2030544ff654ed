import { expect, test } from 'vitest'
import { learningChart } from './learning-chart.ts'

const point = (confirmed: number, after: number) => ({
  confirmed,
  recall: { before: 0.7, after },
  macroRecall: { before: 0.7, after },
  steps: { before: 2, after: 2 - after },
})

test('every point of both panels is drawn, a better one higher', () => {
  const svg = learningChart([point(0, 0.7), point(1, 0.8), point(10, 0.9)])
  const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, cy]) => Number(cy))
  expect(heights).toHaveLength(6)
  expect(heights[0]).toBeGreaterThan(heights[2] ?? 0)
})
