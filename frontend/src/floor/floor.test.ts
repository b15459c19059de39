import { expect, test } from "vitest";
import { Refused, type Api } from "../shared/api";
import { Floor } from "./floor.svelte";
import { floor as scene } from "./scenes";

test("the simulation is shown as stopped only once the server has stopped it", async () => {
  const answers = [Promise.reject(new Refused(403, "forbidden", "Réservé aux administrateurs")), Promise.resolve(null)];
  const floor = new Floor({ post: () => answers.shift() } as unknown as Api);
  floor.state = scene({ simulation: { on: true } });
  await floor.simulate(false, "Simulation arrêtée");
  expect([floor.state.simulation, floor.notices.map((notice) => notice.text)]).toEqual([{ on: true }, ["Réservé aux administrateurs"]]);
  await floor.simulate(false, "Simulation arrêtée");
  expect(floor.state.simulation).toEqual({ on: false });
});
