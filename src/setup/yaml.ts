import type { Plan, Values } from './plan.ts';

/** A text that YAML reads as the text it is, without quotes. */
const PLAIN = /^(?:\$\{[^}"]+\}|https?:\/\/[\w./:-]+|(?:\.{0,2}\/)?[a-z][\w./-]*)$/i;
const WORDS_OF_YAML = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** The configuration as a person would write it. `schema`: where its JSON Schema is, for editors. */
export function yamlOf(
  { port, dataDir, channels, agent }: Plan,
  schema: string | undefined,
  now: Date,
): string {
  return `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n\n`}# Written by \`openclaw-gateway init\` on ${now.toISOString().slice(0, 10)}; yours to change. \`openclaw-gateway check\` says
# whether it is sound, \`openclaw-gateway doctor\` whether it works. All that can be set is in the
# openclaw.config.yaml that comes with the program.
#
# Secrets are not in here: \${credential:name} is the content of the file credentials/name beside this
# one (a service gets it from systemd), \${NAME} an environment variable.

# Where the gateway listens. Only this machine reaches 127.0.0.1.
gateway:
  host: 127.0.0.1
  port: ${port}

# Where messages and conversations are kept; relative to this file. Back it up.
data_dir: ${scalar(dataDir)}

# Where people write; whom an admin has let in is heard. docs/channels has a page for each.
channels:
${[...channels].map(([name, values]) => group(name, values)).join('')}
# Who answers. The one called \`default\` answers wherever a channel names nobody.
agents:
${group('default', agent)}`;
}

function group(name: string, values: Values): string {
  const lines = Object.entries(values).map(([key, value]) => `    ${key}: ${scalar(value)}\n`);
  return lines.length === 0 ? `  ${name}: {}\n` : `  ${name}:\n${lines.join('')}`;
}

function scalar(value: Values[string]): string {
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) && !WORDS_OF_YAML.test(value) ? value : JSON.stringify(value);
}
