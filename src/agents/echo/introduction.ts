/** What the echo agent says first: what it is, and how to get a real answerer. */
export const introduction = `Hello! This gateway works, but no model is connected to it yet, so I only repeat what you say. Send me a picture, an emoji, or "choose tea, coffee" to see what this chat can do.

To connect one, put these lines into \`openclaw.config.yaml\`, and start the gateway again with the key in its environment:

\`\`\`yaml
agents:
  default:
    type: llm
    provider: anthropic
    model: claude-sonnet-5-5
    api_key: \${ANTHROPIC_API_KEY}
\`\`\`

`;
