"""The settings of a display, by driver: what a device row's `options` may hold. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from kiosk.devices.displays.template import BadFrame, FrameTemplate
from kiosk.domain.errors import DomainError

LONGEST_REASON = 60

Port = Annotated[
    str, Field(max_length=120, pattern=r"^(?:/dev/[\w/.:-]+|socket://[\w.-]+:\d{1,5})$", description=
    "Serial line: a path such as /dev/ttyUSB0, or socket://host:port of a serial server on the network.")
]  # fmt: skip
Secret = Annotated[str | None, Field(max_length=200, json_schema_extra={"secret": True})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PollOptions(_Strict):
    """The display asks the server itself, with its own token (GET /api/v1/display)."""

    driver: Literal["poll"] = "poll"


class _Line(_Strict):
    port: Port
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = Field(
        9600, description="Bits a second."
    )
    parity: Literal["N", "E", "O"] = Field("N", description="None, even or odd; 8 data bits, 1 stop bit.")
    digits: int = Field(4, ge=1, le=8, description="How many characters the display has.")
    gap_ms: int = Field(30, ge=0, le=1000, description="Silence after each frame, milliseconds.")


class LedOptions(_Line):
    """A display that speaks our own protocol (docs/led-protocol.md) on a serial line or an RS-485 bus."""

    driver: Literal["serial", "rs485"]
    address: int = Field(1, ge=0, le=99, description="Its address on the line; 0 is all of them.")
    show: Literal["digits", "label"] = Field("digits", description="digits: 012; label: T012.")
    ack: bool = Field(False, description="Whether it answers each frame.")
    ack_ms: int = Field(150, ge=20, le=1000, description="How long to wait for that, milliseconds.")
    rts: bool = Field(False, description="RS-485 adapters that send only while RTS is held.")

    @model_validator(mode="after")
    def _somebody_answers(self) -> LedOptions:
        if self.ack and self.address == 0:
            raise _refused("nobody_answers", "ack")
        return self


class TemplateOptions(_Line):
    """Another maker's board on a serial line, by a format from its manual."""

    driver: Literal["template"]
    address: int = Field(1, ge=0, le=255, description="Its address on the line.")
    frame: str = Field(description=r"For example \x02{address:02d}{digits:>4}\x03{xor}.")
    checksum_from: int = Field(1, ge=0, le=20, description="First byte that the checksum counts, from 0.")
    steady: str = Field("0", max_length=20, description="What {blink} becomes when it stands still.")
    blinking: str = Field("1", max_length=20, description="What {blink} becomes when it blinks.")

    @model_validator(mode="after")
    def _can_be_made(self) -> TemplateOptions:
        try:
            self.template()
        except BadFrame as error:
            raise _refused(f"{error.reason}: {error.part}" if error.part else error.reason, "frame") from None
        return self

    def template(self) -> FrameTemplate:
        """The format, checked."""
        return FrameTemplate(
            self.frame, checksum_from=self.checksum_from, steady=self.steady, blinking=self.blinking
        )


class MqttOptions(_Strict):
    """A display that listens to an MQTT broker: one retained JSON message a counter."""

    driver: Literal["mqtt"]
    host: str = Field(min_length=1, max_length=120, pattern=r"^[\w.:-]+$", description="The broker.")
    port: int = Field(1883, ge=1, le=65_535, description="1883, with TLS usually 8883.")
    tls: bool = Field(False, description="Encrypt, and check the broker's certificate.")
    ca_file: str | None = Field(
        None, max_length=200, description="Certificates to trust besides the system's."
    )
    user: str | None = Field(None, max_length=80)
    password: Secret = None
    topic: str | None = Field(
        None, min_length=1, max_length=120, pattern=r"^[^#+\x00]+$",
        description="Left out: kiosk/<office>/counter/<number>.",
    )  # fmt: skip


class HttpOptions(_Strict):
    """A display, or a gateway to displays, that takes the state as a POST."""

    driver: Literal["http"]
    url: str = Field(max_length=300, pattern=r"^https?://[^\s@#]+$", description="Where the state is sent.")
    auth: Literal["none", "bearer", "hmac"] = Field(
        "none", description="bearer: the secret as token; hmac: the body signed with the secret."
    )
    secret: Secret = None
    timeout_s: int = Field(3, ge=1, le=10, description="Seconds to wait for its answer.")

    @model_validator(mode="after")
    def _has_its_secret(self) -> HttpOptions:
        if self.auth != "none" and not self.secret:
            raise _refused("required", "secret")
        return self


Options = PollOptions | LedOptions | TemplateOptions | MqttOptions | HttpOptions
DRIVERS: dict[str, type[_Strict]] = {
    "poll": PollOptions,
    "serial": LedOptions,
    "rs485": LedOptions,
    "template": TemplateOptions,
    "mqtt": MqttOptions,
    "http": HttpOptions,
}


def display_options(driver: str) -> type[BaseModel]:
    """The settings of a driver, for its form. Raises DomainError("display_options_malformed")."""
    if driver not in DRIVERS:
        raise _malformed("driver", "unknown_choice")
    return DRIVERS[driver]


def read_options(options: Mapping[str, Any]) -> Options:
    """The settings of a display, defaults filled in; without a driver, it polls.

    Raises DomainError("display_options_malformed") with the key at fault as `field` and a stable `reason`.
    """
    driver = options.get("driver", "poll")
    if not isinstance(driver, str):
        raise _malformed("driver", "wrong_type")
    try:
        return display_options(driver).model_validate(dict(options))  # type: ignore[return-value]  # one of DRIVERS
    except ValidationError as error:
        raise _malformed(*_first_problem(error)) from None


def check_options(options: Mapping[str, Any], stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The settings as they are kept. A secret left out or empty keeps its stored value, None clears it.

    Raises DomainError("display_options_malformed").
    """
    given = dict(options)
    for key in _secrets(given.get("driver", "poll")):
        if given.get(key, "") == "":
            given.pop(key, None)
            if stored and stored.get("driver") == given.get("driver") and stored.get(key):
                given[key] = stored[key]
    return read_options(given).model_dump(exclude_none=True)


def shown_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings fit to show: of a secret only whether there is one."""
    secrets = _secrets(options.get("driver", "poll"))
    return {key: bool(value) if key in secrets else value for key, value in options.items()}


def _secrets(driver: Any) -> set[str]:
    model = DRIVERS.get(driver) if isinstance(driver, str) else None
    fields = model.model_fields if model else {}
    return {key for key, field in fields.items() if field.json_schema_extra == {"secret": True}}


REASONS = {
    "missing": "required",
    "extra_forbidden": "unknown_key",
    "literal_error": "unknown_choice",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "string_pattern_mismatch": "malformed",
}


def _first_problem(error: ValidationError) -> tuple[str, str]:
    first: ErrorDetails = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "display_option":
        return first["ctx"]["field"], first["ctx"]["reason"]
    return ".".join(map(str, first["loc"])), REASONS.get(first["type"], "wrong_type")


def _refused(reason: str, field: str) -> PydanticCustomError:
    return PydanticCustomError("display_option", "{field}: {reason}", {"field": field, "reason": reason})


def _malformed(field: str, reason: str) -> DomainError:
    return DomainError("display_options_malformed", field=field[:60], reason=reason[:LONGEST_REASON])
