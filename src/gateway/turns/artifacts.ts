import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Artifact,
  errorText,
  type OutboundFile,
  type SessionId,
  type TurnId,
} from '../../contract/index.ts';
import { coarseKindOf } from './file-kind.ts';
import { shelve, type Workspaces } from './workspaces.ts';

/** A file of an answer, on the shelf; or why there is none, in words for the owner. */
export type KeptArtifact =
  | { readonly file: OutboundFile }
  | { readonly name: string; readonly problem: string };

/**
 * Puts what an agent made onto the session's shelf, before anything of the answer is committed: so that a file that is to
 * be sent is on disk, under the same path in a re-run of the turn. Never rejects.
 */
export async function keepArtifacts(
  artifacts: readonly Artifact[],
  { session, turn, workspaces }: { session: SessionId; turn: TurnId; workspaces: Workspaces },
): Promise<KeptArtifact[]> {
  const kept: KeptArtifact[] = [];
  for (const [index, artifact] of artifacts.entries()) {
    try {
      kept.push({ file: await keep(artifact, `${turn}-${index}`, session, workspaces) });
    } catch (error) {
      kept.push({ name: artifact.name, problem: errorText(error) });
    }
  }
  return kept;
}

async function keep(
  { name, content }: Artifact,
  key: string,
  session: SessionId,
  workspaces: Workspaces,
): Promise<OutboundFile> {
  const shelf = workspaces.shelfOf(session, 'out');
  const part = join(shelf, `.${key}.part`);
  if (content instanceof Uint8Array) {
    await writeFile(part, content, { mode: 0o600 });
  } else {
    if (!workspaces.holds(session, content.path))
      throw new Error('it is not in the workspace of its session');
    await copyFile(content.path, part);
  }
  const { mime, path, name: shown } = await shelve(part, key, name);
  return { kind: coarseKindOf(mime), path, name: shown, mime, bytes: (await stat(path)).size };
}
