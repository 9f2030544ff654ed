import { expect, test } from 'vitest'

import { having, roots, runScenario, text } from '../testing/run-scenario.ts'

test('a LangGraph.js agent shows its messages, retrieved documents and an MCP tool call over HTTP', async () => {
  const { answer, spans } = await runScenario('research-graph')
  expect(answer).toContain('62 percent')
  expect(roots(spans)).toEqual(['research-graph'])
  expect(having(spans, 'session.id', 'research-7')).toHaveLength(spans.length)
  expect(having(spans, 'user.id', 'researcher-ines')).toHaveLength(spans.length)

  const calls = having(spans, 'openinference.span.kind', 'LLM')
  expect(calls).toHaveLength(3)
  for (const call of calls) {
    expect(text(call, 'llm.input_messages.0.message.content')).toContain('You are a research assistant')
    expect(text(call, 'llm.input_messages.1.message.content')).toContain('When does prompt caching pay off')
  }

  const tools = having(spans, 'openinference.span.kind', 'TOOL')
  expect(tools.map((tool) => tool.name).toSorted()).toEqual(['find_papers', 'search_library'])
  const papers = tools.filter((tool) => tool.name === 'find_papers')
  expect(papers.map((tool) => JSON.parse(text(tool, 'input.value')))).toEqual([{ word: 'caching', since: 2024 }])
  expect(papers.map((tool) => text(tool, 'output.value')).join()).toContain('Prefix caching in practice')

  const [retrieval] = having(spans, 'openinference.span.kind', 'RETRIEVER')
  expect(retrieval?.parentSpanId).toBe(tools.find((tool) => tool.name === 'search_library')?.spanId)
  expect(retrieval?.attributes.get('retrieval.documents.0.document.content')).toContain('Prefix caching keeps')
  expect(String(retrieval?.attributes.get('retrieval.documents.0.document.metadata'))).toContain(
    'library/caching-survey',
  )
})
