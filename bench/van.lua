-- OSRM drives as our van does: each way at the speed that our profile gives it, each barrier as it judges it.
--
-- Both stand in the file that CARRIOLE_VERDICTS names, one line each, written by bench/osrm_home.py:
--   w ID FORWARD_KMH BACKWARD_KMH ENDS_ONLY MAY_STOP
--   n ID
-- Reading nodes, turn restrictions and what is connected stays OSRM's own work.

api_version = 4

local function verdicts()
  local ways, closed = {}, {}
  for line in io.lines(os.getenv("CARRIOLE_VERDICTS")) do
    local id, forward, backward, ends_only, may_stop = line:match("^w (%d+) (%S+) (%S+) (%d) (%d)$")
    if id then
      ways[tonumber(id)] = {
        forward = tonumber(forward),
        backward = tonumber(backward),
        ends_only = ends_only == "1",
        may_stop = may_stop == "1"
      }
    else
      closed[tonumber(line:match("^n (%d+)$"))] = true
    end
  end
  return ways, closed
end

function setup()
  local ways, closed = verdicts()
  return {
    properties = {
      weight_name = "seconds",  -- any name but "duration": private roads then cost weight, not time
      use_turn_restrictions = true,
      continue_straight_at_waypoint = false,
      process_call_tagless_node = false,
      max_turn_weight = 3000,
      max_speed_for_map_matching = 40
    },
    restrictions = {"motorcar", "motor_vehicle", "vehicle"},
    ways = ways,
    closed = closed
  }
end

function process_node(profile, node, result)
  if profile.closed[node:id()] then
    result.barrier = true
  end
end

function process_way(profile, way, result)
  local verdict = profile.ways[way:id()]
  if not verdict then
    return
  end
  result.forward_mode = verdict.forward > 0 and mode.driving or mode.inaccessible
  result.backward_mode = verdict.backward > 0 and mode.driving or mode.inaccessible
  result.forward_speed = verdict.forward
  result.backward_speed = verdict.backward
  result.forward_rate = verdict.forward / 3.6
  result.backward_rate = verdict.backward / 3.6
  result.forward_restricted = verdict.ends_only
  result.backward_restricted = verdict.ends_only
  result.is_startpoint = verdict.may_stop
  result.name = way:get_value_by_key("name") or ""
  result.ref = way:get_value_by_key("ref") or ""
end

function process_turn(profile, turn)
  if turn.source_restricted ~= turn.target_restricted then
    turn.weight = profile.properties.max_turn_weight
  end
end

return {
  setup = setup,
  process_node = process_node,
  process_way = process_way,
  process_turn = process_turn
}
