import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Installs packages, only where that neither asks nor surprises anybody: as root, on Debian. Returns what went wrong. */
export function installPackages(...packages: readonly string[]): string {
  return asRoot((run) => {
    run('apt-get', 'update', '-q');
    run('apt-get', 'install', '-yq', '--no-install-recommends', ...packages);
  });
}

/** The same for one program of a package that brings much else, such as a service. */
export function installProgram(name: string, fromPackage: string): string {
  return asRoot((run) => {
    const folder = mkdtempSync(join(tmpdir(), 'openclaw-package-'));
    try {
      run('apt-get', 'update', '-q');
      run('sh', '-c', 'cd "$0" && apt-get download -q "$1" && dpkg-deb -x ./*.deb .', folder, fromPackage);
      copyFileSync(join(folder, 'usr/bin', name), join('/usr/local/bin', name));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function asRoot(work: (run: (program: string, ...args: readonly string[]) => void) => void): string {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return '';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    work((program, ...args) => void execFileSync(program, args, { env, stdio: 'ignore' }));
    return '';
  } catch {
    return ' (apt-get could not)';
  }
}
