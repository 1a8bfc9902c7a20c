import { type Check, type Diagnosis, ok } from '../check.ts';
import { askedAgent } from '../probing.ts';
import { goodConfig } from '../scene.ts';

/** Each agent: whoever answers for it is asked whether it would. */
export const agents: Check = {
  name: 'agent',
  async run(scene) {
    const found = await Promise.all(
      (goodConfig(scene)?.agents ?? []).map(async (agent): Promise<Diagnosis[]> => {
        const about = agent.id;
        const type = await scene.agentTypes[agent.type]?.();
        const told = type && (await askedAgent(type, agent, scene.signal));
        return told?.map((finding) => ({ about, ...finding })) ?? [ok('needs nobody', about)];
      }),
    );
    return found.flat();
  },
};
