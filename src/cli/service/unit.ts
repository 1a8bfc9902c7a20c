import { relative } from 'node:path';
import { StartError } from '../../contract/index.ts';
import { NAME, type ServicePlan } from './plan.ts';

const STATE = '/var/lib';

/**
 * The unit of systemd. It holds no secret: those come from files that systemd reads. Throws a StartError when the data is
 * where a system service cannot have it.
 */
export function unitText(plan: ServicePlan): string {
  const sections = {
    Unit: [
      ['Description', 'openclaw-gateway: AI agents on chat platforms'],
      // A user's manager does not know of the network; the channels wait for it themselves.
      ...(plan.isSystem ? NETWORK : []),
      // A message that kills the gateway is set aside at its fifth death, and that must be reached.
      ['StartLimitIntervalSec', '0'],
    ],
    Service: [
      ...process(plan),
      ...(plan.isSystem ? ownUser(plan) : ownHome(plan)),
      ...files(plan),
      ...SANDBOX,
    ],
    Install: [['WantedBy', plan.isSystem ? 'multi-user.target' : 'default.target']],
  };
  const texts = Object.entries(sections).map(([name, settings]) =>
    [`[${name}]`, ...settings.map(([key, value]) => `${key}=${value}`), ''].join('\n'),
  );
  return texts.join('\n');
}

type Setting = readonly [key: string, value: string];

const NETWORK: readonly Setting[] = [
  ['Wants', 'network-online.target'],
  ['After', 'network-online.target'],
];

function process({ command: [program = '', ...words] }: ServicePlan): Setting[] {
  return [
    ['Type', 'notify'],
    // A child speaks for the gateway: see sd-notify.ts.
    ['NotifyAccess', 'all'],
    ['ExecStart', [quoted(program), ...words.map((word) => quoted(word).replaceAll('$', '$$$$'))].join(' ')],
    ['ExecReload', 'kill -HUP $MAINPID'],
    ['Restart', 'on-failure'],
    ['RestartSec', '2s'],
    ['RestartPreventExitStatus', '78'],
    // Longer than the slowest disk holds the event loop up.
    ['WatchdogSec', '60s'],
    // Migrating a large database takes minutes.
    ['TimeoutStartSec', '15min'],
    // The gateway ends within 10 s.
    ['TimeoutStopSec', '15s'],
    ['KillMode', 'mixed'],
    // When memory runs out in WhatsApp's process, the gateway starts that anew.
    ['OOMPolicy', 'continue'],
    ['MemoryMax', '1G'],
    ['TasksMax', '256'],
    ['LimitNOFILE', '65536'],
    // Secrets are in memory.
    ['LimitCORE', '0'],
    ['UMask', '0077'],
    ['WorkingDirectory', '/'],
  ];
}

function ownUser({ dataDir }: ServicePlan): Setting[] {
  const state = relative(STATE, dataDir);
  if (state === '' || state.startsWith('..')) {
    throw new StartError(`the data of a system service must be under ${STATE}, and data_dir is ${dataDir}`, {
      hint: `Say data_dir: ${STATE}/${NAME} in the configuration, and move the data there if there is any.`,
    });
  }
  return [
    ['DynamicUser', 'yes'],
    ['User', NAME],
    ['StateDirectory', quoted(state)],
    ['StateDirectoryMode', '0700'],
    ['CacheDirectory', NAME],
    ['CacheDirectoryMode', '0700'],
    ['Environment', `NODE_COMPILE_CACHE=%C/${NAME}`],
  ];
}

function ownHome({ dataDir }: ServicePlan): Setting[] {
  return [
    ['BindPaths', quoted(dataDir)],
    // It hears the gateway in a folder that ProtectHome hides.
    ['BindReadOnlyPaths', '%t/systemd/notify'],
  ];
}

function files({ reads, environmentFile, credentials }: ServicePlan): Setting[] {
  const hidden = reads.filter((path) => /^\/(home|root|run\/user)\//.test(path));
  return [
    ['ProtectHome', 'tmpfs'],
    ...[...new Set(hidden)].map((path) => ['BindReadOnlyPaths', quoted(path)] as const),
    ['EnvironmentFile', `-${environmentFile.replaceAll('%', '%%')}`],
    ...credentials.map(({ name, file }) => ['LoadCredential', quoted(`${name}:${file}`)] as const),
  ];
}

/** All that Node can do without. It makes machine code as it runs, so memory must be writable and executable. */
const SANDBOX: readonly Setting[] = [
  ['NoNewPrivileges', 'yes'],
  ['CapabilityBoundingSet', ''],
  ['AmbientCapabilities', ''],
  ['ProtectSystem', 'strict'],
  ['ProtectProc', 'invisible'],
  ['ProcSubset', 'pid'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectHostname', 'yes'],
  ['PrivateMounts', 'yes'],
  ['PrivateTmp', 'yes'],
  // Without it, a person's systemd cannot set most of this up.
  ['PrivateUsers', 'yes'],
  ['PrivateDevices', 'yes'],
  ['PrivateIPC', 'yes'],
  ['RemoveIPC', 'yes'],
  ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['LockPersonality', 'yes'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallFilter', '~@privileged @resources'],
  ['SystemCallErrorNumber', 'EPERM'],
];

/** As a word of a unit: a percent sign begins a specifier there. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%');
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`;
}
