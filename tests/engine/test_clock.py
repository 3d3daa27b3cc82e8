"""A clock that jumps moves time, not the sensors' silence."""

from anlan.engine.clock import ArrivalClock


class Clocks:
    """A wall clock that people set, and a steady one."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000, 500

    def pass_by(self, ms: int) -> None:
        self.wall += ms
        self.steady += ms


def made() -> tuple[Clocks, ArrivalClock]:
    clocks = Clocks()
    return clocks, ArrivalClock(lambda: clocks.wall, lambda: clocks.steady)


def test_time_passes() -> None:
    clocks, clock = made()
    clocks.pass_by(1500)
    assert clock.now() == (1_001_500, 0)
    assert clock.jumps == 0


def test_a_jump_forward_is_a_shift() -> None:
    clocks, clock = made()
    clocks.pass_by(1000)
    clocks.wall += 3_600_000
    assert clock.now() == (4_601_000, 3_600_000)
    clocks.pass_by(1000)
    assert clock.now() == (4_602_000, 0)
    assert clock.jumps == 1


def test_a_small_step_back_is_waited_out() -> None:
    clocks, clock = made()
    clocks.wall -= 1500
    assert clock.now() == (1_000_000, 0)
    clocks.pass_by(1000)
    assert clock.now() == (1_000_000, 0)
    clocks.pass_by(1000)
    assert clock.now() == (1_000_500, 0)


def test_a_large_jump_back_is_a_shift_too_so_that_silence_is_still_noticed() -> None:
    clocks, clock = made()
    clocks.pass_by(1000)
    clocks.wall -= 600_000
    assert clock.now() == (401_000, -600_000)
    clocks.pass_by(1000)
    assert clock.now() == (402_000, 0)


def test_a_sleep_of_the_machine_counts_as_a_jump() -> None:
    clocks, clock = made()
    clocks.wall += 8 * 3_600_000
    assert clock.now()[1] == 8 * 3_600_000
