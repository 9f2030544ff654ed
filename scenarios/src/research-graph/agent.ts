/**
 * A research assistant as a LangGraph.js ReAct agent: a retriever over the library, and a paper catalogue over MCP
 * (streamable HTTP). Run as `node --import instrument.ts agent.ts CONVERSATION MCP_URL`.
 */
import { setSession, setUser } from '@arizeai/openinference-core'
import { Document } from '@langchain/core/documents'
import { BaseRetriever } from '@langchain/core/retrievers'
import { tool } from '@langchain/core/tools'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { ChatOpenAI } from '@langchain/openai'
import { context } from '@opentelemetry/api'
import { z } from 'zod'

import { search } from '../retrieval/bm25.ts'
import { loadCorpus } from '../retrieval/corpus.ts'
import type { CorpusDocument } from '../retrieval/corpus.ts'

const [conversationId = 'research-7', mcpUrl = ''] = process.argv.slice(2)

class LibraryRetriever extends BaseRetriever {
  readonly lc_namespace = ['holdfast', 'scenarios']
  readonly #documents: readonly CorpusDocument[]

  constructor(documents: readonly CorpusDocument[]) {
    super()
    this.#documents = documents
  }

  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    return search(this.#documents, query, 5).map(
      ({ id, uri, version, text, score }) =>
        new Document({ id, pageContent: text, metadata: { id, uri, version, trust: 'internal', score } }),
    )
  }
}

const library = new LibraryRetriever(await loadCorpus('library'))
const searchLibrary = tool(
  async ({ query, limit }, config) => {
    const found = await library.invoke(query, config)
    return JSON.stringify(
      found.slice(0, limit).map((document) => ({ ...document.metadata, text: document.pageContent })),
    )
  },
  {
    name: 'search_library',
    description: 'Searches the notes of the research library.',
    schema: z.object({ query: z.string(), limit: z.number() }),
  },
)

const catalogue = new MultiServerMCPClient({
  mcpServers: { catalogue: { transport: 'http', url: mcpUrl, automaticSSEFallback: false } },
})
try {
  const agent = createReactAgent({
    name: 'research-graph',
    llm: new ChatOpenAI({ model: 'gpt-5-mini', useResponsesApi: false }),
    tools: [searchLibrary, ...(await catalogue.getTools())],
    prompt:
      'You are a research assistant. Use the library and the paper catalogue, and answer in two sentences with sources.',
  })
  const asked = setUser(setSession(context.active(), { sessionId: conversationId }), { userId: 'researcher-ines' })
  const answer = await context.with(asked, () =>
    agent.invoke({
      messages: [{ role: 'user', content: 'When does prompt caching pay off, and how much does it save?' }],
    }),
  )
  console.log(answer.messages.at(-1)?.text)
} finally {
  await catalogue.close()
}
