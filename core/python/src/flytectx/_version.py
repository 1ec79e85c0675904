# SPDX-License-Identifier: Apache-2.0
"""The version, from core/flyte_ctx.h when the wheel is made."""

__version__ = "0.1.0"
