import { execFileSync } from 'node:child_process';

/** Black-box tests boot what is shipped: the compiled program. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
