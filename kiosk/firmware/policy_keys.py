"""Policies of Chromium we use or may want to use, with the values they take.

Written down from the public list of policies; each name was found in Chromium 156 as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """What values a policy takes, in words and as a test."""

    words: str
    takes: Callable[[Any], bool]

    def refuses(self, value: Any) -> str:
        """Why it does not take a value; empty when it does."""
        return "" if self.takes(value) else f"{value!r} is not {self.words}"


def _one_of(*numbers: int) -> Kind:
    # In Python True is 1; in a policy it is not.
    words = f"one of {', '.join(map(str, numbers))}"
    return Kind(words, lambda value: type(value) is int and value in numbers)


SWITCH = Kind("true or false", lambda value: isinstance(value, bool))
WORDS = Kind("a text", lambda value: isinstance(value, str))
LIST = Kind(
    "a list of texts", lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)
)
ASK_OR_BLOCK = _one_of(2, 3)
ALLOW_OR_BLOCK = _one_of(1, 2)
ALLOW_BLOCK_ASK = _one_of(1, 2, 3)

_SWITCHES = """
AllowDeletingBrowserHistory AllowDinosaurEasterEgg AllowFileSelectionDialogs AlternateErrorPagesEnabled
AudioCaptureAllowed AutofillAddressEnabled AutofillCreditCardEnabled AutoplayAllowed BackgroundModeEnabled
BookmarkBarEnabled BrowserAddPersonEnabled BrowserGuestModeEnabled BrowserLabsEnabled BuiltInDnsClientEnabled
CommandLineFlagSecurityWarningsEnabled ComponentUpdatesEnabled DefaultBrowserSettingEnabled
DefaultSearchProviderEnabled DisablePrintPreview EditBookmarksEnabled EnableMediaRouter ForceEphemeralProfiles
FullscreenAllowed HardwareAccelerationModeEnabled HideWebStoreIcon HomepageIsNewTabPage ImportAutofillFormData
MetricsReportingEnabled PasswordManagerEnabled PaymentMethodQueryEnabled PrintingEnabled PromotionalTabsEnabled
PromotionsEnabled RemoteDebuggingAllowed SavingBrowserHistoryDisabled ScreenCaptureAllowed SearchSuggestEnabled
ShowCastIconInToolbar ShowHomeButton SideSearchEnabled SpellcheckEnabled SSLErrorOverrideAllowed
SuppressUnsupportedOSWarning SyncDisabled TaskManagerEndProcessEnabled TranslateEnabled UserFeedbackAllowed
VideoCaptureAllowed
"""
_LISTS = """
AutoOpenFileTypes AutoplayAllowlist ClearBrowsingDataOnExitList ExtensionInstallBlocklist RestoreOnStartupURLs
URLAllowlist URLBlocklist
"""
_TEXTS = "BrowserThemeColor DnsOverHttpsMode DownloadDirectory HomepageLocation ProxyMode WebRtcIPHandling"

KNOWN: dict[str, Kind] = {
    **dict.fromkeys(_SWITCHES.split(), SWITCH),
    **dict.fromkeys(_LISTS.split(), LIST),
    **dict.fromkeys(_TEXTS.split(), WORDS),
    "BrowserSignin": _one_of(0, 1, 2),
    "DefaultClipboardSetting": ASK_OR_BLOCK,
    "DefaultCookiesSetting": _one_of(1, 2, 4),
    "DefaultFileSystemReadGuardSetting": ASK_OR_BLOCK,
    "DefaultGeolocationSetting": ALLOW_BLOCK_ASK,
    "DefaultJavaScriptSetting": ALLOW_OR_BLOCK,
    "DefaultNotificationsSetting": ALLOW_BLOCK_ASK,
    "DefaultPopupsSetting": ALLOW_OR_BLOCK,
    "DefaultSensorsSetting": ALLOW_OR_BLOCK,
    "DefaultSerialGuardSetting": ASK_OR_BLOCK,
    "DefaultWebBluetoothGuardSetting": ASK_OR_BLOCK,
    "DefaultWebUsbGuardSetting": ASK_OR_BLOCK,
    "DefaultWindowManagementSetting": ASK_OR_BLOCK,
    "DeveloperToolsAvailability": _one_of(0, 1, 2),
    "DownloadRestrictions": _one_of(0, 1, 2, 3, 4),
    "IncognitoModeAvailability": _one_of(0, 1, 2),
    "NetworkPredictionOptions": _one_of(0, 1, 2),
    "RestoreOnStartup": _one_of(1, 4, 5, 6),
    "SafeBrowsingProtectionLevel": _one_of(0, 1, 2),
}

SHUT: dict[str, Any] = {
    "URLBlocklist": ["*"],
    "DeveloperToolsAvailability": 2,
    "IncognitoModeAvailability": 1,
    "DownloadRestrictions": 3,
    "PrintingEnabled": False,
    "AllowFileSelectionDialogs": False,
    "BrowserSignin": 0,
    "PasswordManagerEnabled": False,
    "AutofillAddressEnabled": False,
    "TranslateEnabled": False,
    "RemoteDebuggingAllowed": False,
    "ExtensionInstallBlocklist": ["*"],
    "DefaultCookiesSetting": 1,
}
"""What our screens have to say in any case: no way out of the page, nothing of the last visitor, cookies kept."""
